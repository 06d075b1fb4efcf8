import Foundation
import Testing

/// What people at a terminal see: a live line a lane, time left, and the table in their place.
@Suite("Contract: the terminal")
struct TerminalTests {
  let space: Workspace
  let recording: String

  init() throws {
    space = try Workspace()
    recording = try space.write(Sound.wav(Sound.samples(16_000 * 6)), to: "speech.wav")
  }

  /// Two lanes with names that are short enough to be shown whole.
  private var models: [String] {
    [
      "--model", "\(space.model("speech-lstm")),name=lstm",
      "--model", "\(space.model("speech-transformer")),name=attention",
    ]
  }

  private func run(
    _ arguments: [String], _ terminal: LockstepProcess.Terminal = .init(),
    feed: (@Sendable (InputPipe) -> Void)? = nil, _ location: SourceLocation = #_sourceLocation
  ) async throws -> (result: ProcessResult, screen: TerminalScreen) {
    var process = space.lockstep(arguments + models, feed: feed)
    process.terminal = terminal
    process.waitsForClock = true
    let result = try await process.run()
    #expect(result.exitCode == 0, "\(result.terminal)", sourceLocation: location)
    #expect(result.errors == "", sourceLocation: location)
    let screen = TerminalScreen(result.terminal)
    #expect(screen.unknown == [], sourceLocation: location)
    return (result, screen)
  }

  /// Expects views of the heading and a line for each lane, none wider than the terminal.
  private func expectLiveLines(
    _ views: [[String]], columns: Int, _ location: SourceLocation = #_sourceLocation
  ) throws {
    #expect(views.count >= 3, sourceLocation: location)
    var frames = 0
    for view in views {
      #expect(view.allSatisfy { $0.count <= columns }, "\(view)", sourceLocation: location)
      try #require(view.count >= 3, "\(view)", sourceLocation: location)
      let lanes = view[1...2]
      #expect(
        zip(lanes, ["lstm ", "attention "]).allSatisfy { $0.hasPrefix($1) },
        "\(view)", sourceLocation: location)
      let cells = view[1].split(separator: " ")
      let count = try #require(
        Int(cells[1].replacing(",", with: "")), "\(view)", sourceLocation: location)
      #expect(count >= frames, sourceLocation: location)
      frames = count
    }
    #expect(frames > 100, sourceLocation: location)
  }

  @Test("A live line a lane while it runs, within 80 columns, and the table at the end")
  func replay() async throws {
    let (result, screen) = try await run(["replay", recording, "--pace", "2"])
    #expect(result.output.isEmpty)
    try expectLiveLines(screen.views, columns: 80)
    for word in ["lane", "frames", "p50", "p99", "misses", "load", "output"] {
      #expect(screen.views[0][0].contains(word), "\(word)")
    }
    let last = try #require(screen.views.last)
    for line in last[1...2] {
      // Name, frames, durations, counts, load, and the output as a bar.
      #expect(line.contains(/^\w+ +[\d,]+ +[\d.]+ .?s .* \d+ .*\d\.\d+ +[#.]+$/), "\(line)")
    }
    #expect(screen.lines.allSatisfy { $0.count <= 80 })
    let table = screen.lines.joined(separator: "\n")
    for word in ["lstm", "attention", "response", "service", "misses", "deadline"] {
      #expect(table.contains(word), "\(word)")
    }
    #expect(!table.contains("left") && !table.contains("output"), "the live lines are gone")
    #expect(screen.lines.first?.contains("attention") == true, "\(screen.lines)")
  }

  @Test("A replay shows how far it is and the time left")
  func progress() async throws {
    let (_, screen) = try await run(["replay", recording, "--pace", "1.5"])
    var shares: [Int] = []
    var left: [Int] = []
    for view in screen.views {
      // Nothing is claimed before anything is known.
      guard let line = view.first(where: { $0.contains("left") }) else { continue }
      let match = try #require(line.firstMatch(of: /(\d+) %, (\d+) s left/), "\(line)")
      // Nothing is known yet where nothing is done.
      guard let share = Int(match.output.1), share > 0 else { continue }
      shares.append(share)
      left.append(try #require(Int(match.output.2)))
    }
    try #require(shares.count >= 5)
    #expect(shares == shares.sorted())
    #expect(try #require(shares.last) > 80)
    // 4 s altogether.
    #expect(zip(shares, left).allSatisfy { abs(Double($1) - 4 * Double(100 - $0) / 100) <= 2.5 })
    #expect(try #require(left.last) <= 1)
  }

  @Test("Before anything is known, no time left is claimed")
  func progressAtStart() async throws {
    let (_, screen) = try await run(["replay", recording, "--pace", "2"])
    for view in screen.views {
      #expect(!view.contains { $0.contains(" 0 %, 0 s left") }, "\(view)")
    }
  }

  @Test("A long CSV shows its progress, too")
  func progressOfCSV() async throws {
    let path = try space.write(SensorText(300).csv(), to: "long.csv")
    var process = space.lockstep(["replay", path, "--pace", "3"])
    process.terminal = .init()
    process.waitsForClock = true
    let screen = TerminalScreen(try await process.run().terminal)
    #expect(screen.views.contains { $0.contains { $0.contains("s left") } })
  }

  @Test("A live pipe has its lines, and no time left")
  func live() async throws {
    let bytes = Sound.bytes(Sound.samples(16_000 * 2))
    let (_, screen) = try await run(["live", "-", "--format", "s16le", "--rate", "16000"]) {
      $0.write(bytes, bytesPerSecond: 32_000)
    }
    try expectLiveLines(screen.views, columns: 80)
    #expect(screen.views.allSatisfy { !$0.contains { $0.contains("left") } })
  }

  @Test("A terminal of other widths", arguments: [40, 60, 200])
  func width(columns: Int) async throws {
    let (_, screen) = try await run(
      ["replay", recording, "--pace", "3"], .init(columns: columns))
    try expectLiveLines(screen.views, columns: columns)
  }

  @Test("The bar of an output is whole at 80 columns")
  func bar() async throws {
    let (_, screen) = try await run(["replay", recording, "--pace", "3"])
    for view in screen.views {
      for line in view[1...2] {
        #expect(line.suffix(8).allSatisfy { "#.".contains($0) }, "\(line)")
      }
    }
  }

  @Test("A warning stays above the live lines")
  func warning() async throws {
    let model = ModelBytes.lstm(inputs: 1, hidden: 64, rate: 1_000, seed: 2)
    let path = try space.write(model.bytes, to: "slow.safetensors")
    let bytes = Sound.bytes(Sound.samples(20_000))
    var process = space.lockstep(
      ["live", "-", "--format", "s16le", "--rate", "1000", "--model", path]
    ) { $0.write(bytes) }
    process.terminal = .init()
    let screen = TerminalScreen(try await process.run().terminal)
    #expect(screen.lines.first?.hasPrefix("Warning: the input comes faster than its rate") == true)
    #expect(screen.lines.count { $0.hasPrefix("Warning:") } == 1)
    #expect(screen.lines.count { $0.hasPrefix("lane ") } == 0)
  }

  @Test("Gaps of the input are shown while it runs")
  func gaps() async throws {
    let times = SensorText.times(300, gaps: [(position: 20, length: 3), (position: 90, length: 9)])
    let path = try space.write(SensorText(300).csv(times: times), to: "holes.csv")
    var process = space.lockstep(["replay", path, "--pace", "3"])
    process.terminal = .init()
    process.waitsForClock = true
    let screen = TerminalScreen(try await process.run().terminal)
    let last = try #require(screen.views.last)
    #expect(last.contains { $0.contains("2 gaps, 12 samples") }, "\(last)")
  }

  @Test("Long names keep the lines within 80 columns, and the lanes apart")
  func longNames() async throws {
    let name = String(repeating: "wide", count: 20)
    let more = ["a", "b", "c"].flatMap {
      ["--model", "\(space.model("speech-lstm")),name=\(name)-\($0)"]
    }
    let (_, screen) = try await run(["replay", recording, "--pace", "3"] + more)
    #expect(screen.views.count >= 3)
    for view in screen.views + [screen.lines] {
      #expect(view.allSatisfy { $0.count <= 80 }, "\(view)")
    }
    let last = try #require(screen.views.last)
    try #require(last.count >= 6)
    #expect(Set(last[1...5].map { $0.prefix { $0 != " " } }).count == 5, "\(last)")
  }

  @Test("With --output - into a pipe, the lines go to the terminal and NDJSON alone to the pipe")
  func outputIntoPipe() async throws {
    let (result, screen) = try await run(
      ["replay", recording, "--pace", "3", "--output", "-"], .init(takesOutput: false))
    try expectLiveLines(screen.views, columns: 80)
    #expect(screen.lines.contains { $0.contains("misses") }, "the table")
    let lines = result.outputText.split(separator: "\n")
    #expect(lines.count == 2 * 598)
    #expect(lines.allSatisfy { $0.hasPrefix("{\"lane\":") && $0.hasSuffix("]}") })
  }

  @Test("An error stands alone at the end, after the table")
  func refusal() async throws {
    let bytes = Sound.bytes(Sound.samples(16_000)) + [1]
    var process = space.lockstep(
      ["replay", "-", "--format", "s16le", "--rate", "16000", "--pace", "2"] + models
    ) { $0.write(bytes) }
    process.terminal = .init()
    process.waitsForClock = true
    let result = try await process.run()
    #expect(result.exitCode == 65)
    let lines = TerminalScreen(result.terminal).lines.filter { !$0.isEmpty }
    #expect(lines.last?.hasPrefix("Error: standard input: 1 byte is left over") == true)
    #expect(lines.contains { $0.contains("misses") })
    #expect(!lines.contains { $0.contains("output") })
  }
}
