import Foundation
import Testing

/// `--report`: the page as a browser shows it.
@Suite("Contract: report", .serialized)
struct ReportPageTests {
  let space: Workspace

  init() throws { space = try Workspace() }

  /// Twelve seconds of sound through the default pair, with a page and a summary.
  private func replay() async throws -> String {
    let sound = try space.write(Sound.wav(Sound.samples(192_000)), to: "speech.wav")
    let result = try await space.run([
      "replay", sound, "--report", space.path("report.html"), "--summary", space.path("summary"),
    ])
    result.expectSuccess()
    return try space.text("report.html")
  }

  @Test(
    "Figures are the summary's, in both colour schemes, on a phone and on a wide screen",
    arguments: [(Browser.Scheme.dark, 390), (.light, 500), (.dark, 1_280), (.light, 1_600)])
  func page(scheme: Browser.Scheme, width: Int) async throws {
    let page = try await replay()
    let found = try await open(page, width: width, scheme: scheme)
    #expect(found.contrasts.count == 4)
    #expect(found.figures == 6)
    let summary = try JSONDocument(try space.text("summary"))
    try expectFigures(found.cells, of: summary)
    // Signal, response of each lane, percentiles, and a panel a lane.
    try #require(found.readouts.count == 6, "\(found.readouts)")
    for readout in found.readouts[..<4] {
      #expect(readout.contains("speech-lstm") && readout.contains("speech-transformer"))
    }
  }

  /// What any page must be: of its scheme, within its window, loading nothing, readable.
  private func open(_ page: String, width: Int, scheme: Browser.Scheme) async throws
    -> Browser.Finding
  {
    let found = try await Browser.open(page, width: width, scheme: scheme, in: space)
    #expect(found.isDark == (scheme == .dark))
    #expect(found.width == Double(width))
    #expect(found.overflow <= 0)
    #expect(found.cut == [])
    #expect(found.untitled == [])
    #expect(found.firstPlot < 900)
    #expect(found.loads == 0)
    #expect(!found.letsOut)
    #expect(found.contrasts.allSatisfy { $0 >= 4.5 }, "\(found.contrasts)")
    return found
  }

  private func expectFigures(_ cells: [String: [String]], of summary: JSONDocument) throws {
    var count = 0
    // Objects that these lanes have none of, and the name, which is the head of the column.
    let others = [
      ".name", ".quality", ".tokens", ".repeats", ".resampler", ".response_in_chunk", ".twin",
    ]
    for (index, lane) in try summary.objects("lanes").enumerated() {
      for (path, value) in Self.figures(lane.members, at: "lanes.\(index)")
      where !others.contains(where: path.hasSuffix) {
        let cell = try #require(cells[path], "\(path)")
        #expect(Self.areEqual(cell[0], value), "\(path): \(cell[0]) and \(value)")
        count += 1
        let isDuration =
          path.hasSuffix("_ns") || path.contains("response.") || path.contains("service.")
        if isDuration, let nanoseconds = Double(value) {
          let shown = try #require(Self.nanoseconds(cell[1]), "\(path): \(cell[1])")
          #expect(abs(shown - nanoseconds) <= 0.005 * nanoseconds, "\(path): \(cell[1])")
        }
      }
    }
    #expect(count > 100)
    #expect(cells["input.received"]?[0] == "192000")
  }

  /// The same text, or numbers that differ by what Foundation's reader of JSON rounds.
  private static func areEqual(_ one: String, _ other: String) -> Bool {
    if one == other { return true }
    guard let first = Double(one), let second = Double(other) else { return false }
    return abs(first - second) <= 1e-14 * second.magnitude
  }

  /// Every figure by its path, written as the page's source does; of a list, how many.
  private static func figures(_ value: Any, at path: String) -> [String: String] {
    switch value {
    case let members as [String: Any]:
      members.reduce(into: [:]) { found, member in
        found.merge(figures(member.value, at: "\(path).\(member.key)")) { one, _ in one }
      }
    case let list as [Any]: [path: "\(list.count)"]
    case let text as String: [path: "\"\(text)\""]
    case let number as NSNumber:
      [
        path: number.doubleValue == number.doubleValue.rounded() && !path.hasSuffix("seconds")
          ? "\(number.int64Value)" : "\(number.doubleValue)"
      ]
    default: [path: "null"]
    }
  }

  /// `12.3 µs` as nanoseconds.
  private static func nanoseconds(_ text: String) -> Double? {
    let parts = text.split(separator: " ")
    let units = ["ns": 1.0, "µs": 1e3, "ms": 1e6, "s": 1e9]
    guard parts.count == 2, let number = Double(parts[0].replacing(",", with: "")),
      let unit = units[String(parts[1])]
    else { return nil }
    return number * unit
  }

  @Test(
    "Pages of measure and sweep load nothing, can be read, and keep to their window",
    arguments: ["measure", "sweep"])
  func otherPages(subcommand: String) async throws {
    let sound = try space.write(Sound.wav(Sound.samples(48_000)), to: "speech.wav")
    let arguments =
      subcommand == "measure"
      ? ["measure", "--virtual", "--duration", "2s"] : ["sweep", sound, "--precision", "f32,int8"]
    try await space.run(arguments + ["--report", space.path("report.html")]).expectSuccess()
    let page = try space.text("report.html")
    for (scheme, width) in [(Browser.Scheme.dark, 390), (.light, 1_280)] {
      let found = try await open(page, width: width, scheme: scheme)
      #expect(found.contrasts.count >= 2)
      #expect(found.figures > 0)
      // Response, percentiles, and a panel a lane; a sweep's points carry their names themselves.
      #expect(found.readouts.count == (subcommand == "measure" ? 5 : 0))
      // Every point has its number beside it, and its name below.
      #expect(found.marks == (subcommand == "sweep" ? 4 : 0))
      #expect(found.named == found.marks && found.touching == 0)
      for readout in found.readouts.prefix(2) {
        #expect(readout.contains("speech-lstm") && readout.contains("speech-transformer"))
      }
    }
  }

  @Test("Five lanes have a plot each, and nothing is cut", arguments: [390, 1_280])
  func fiveLanes(width: Int) async throws {
    let sound = try space.write(Sound.wav(Sound.samples(48_000)), to: "speech.wav")
    let (lstm, transformer) = (space.model("speech-lstm"), space.model("speech-transformer"))
    let lanes = [
      lstm, "\(transformer),left-context=8",
      "\(lstm),precision=int8,name=a-small-one-of-a-long-name",
      "\(transformer),precision=int8,name=t8", "\(lstm),precision=bf16,name=half",
    ]
    try await space.run(
      ["replay", sound, "--report", space.path("report.html")]
        + lanes.flatMap { ["--model", $0] }
    ).expectSuccess()
    let page = try space.text("report.html")
    // The cards tell the lanes of one model apart.
    for settings in [
      "lstm, f32", "streaming_transformer, chunk 4, left context 8, f32, kv f32", "lstm, int8",
      "streaming_transformer, chunk 4, left context 16, int8, kv f32", "lstm, bf16",
    ] { #expect(page.contains("<p>\(settings)</p>")) }
    // The response and the signal, of each lane alone.
    for group in ["response", "signal"] {
      let plots = page.split(separator: "<div class=\"plot").filter {
        $0.contains("data-group=\"\(group)\"")
      }
      #expect(plots.count == 5)
      for (index, plot) in plots.enumerated() {
        let bands = plot.matches(of: /class="band (?:output )?(lane\d)"/).map { String($0.1) }
        #expect(bands == ["lane\(index + 1)"])
      }
    }
    let found = try await open(page, width: width, scheme: .light)
    #expect(found.contrasts.count == 7)
    // Each tells the values of all.
    for readout in found.readouts[..<10] { #expect(readout.contains("speech-transformer")) }
  }

  @Test("A pipe's page shows the signal that came, in real time")
  func live() async throws {
    let bytes = Sound.bytes(Sound.samples(16_000))
    var process = space.lockstep(
      [
        "live", "-", "--format", "s16le", "--rate", "16000", "--report", space.path("report.html"),
      ]
    ) { pipe in _ = pipe.write(bytes) }
    process.waitsForClock = true
    let result = try await process.run()
    #expect(result.exitCode == 0, "\(result.errors)")
    let page = try space.text("report.html")
    let wave = page.firstMatch(of: /<path class="wave" d="([^"]*)"/)?.1 ?? ""
    // 1,000 buckets of 16 samples, each on both edges of one unbroken band.
    #expect(wave.count(where: { $0 == "M" }) == 1)
    #expect(wave.count(where: { $0 == "L" }) == 1_999)
    #expect(page.contains("Clock: monotonic"))
  }

  @Test("A page is a file of its own, and must be writable before the run")
  func file() async throws {
    let sound = try space.write(Sound.wav(Sound.samples(4_000)), to: "speech.wav")
    let shared = try await space.run([
      "replay", sound, "--report", space.path("one"), "--summary", space.path("one"),
    ])
    shared.expectRefusal(
      64, "\(space.path("one")): is another file of this run already, expected a file of its own")
    let absent = try await space.run(["replay", sound, "--report", space.path("no/page.html")])
    absent.expectRefusal(74, naming: ["no/page.html", "does not exist"])
  }
}
