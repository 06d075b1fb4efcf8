import Testing

/// Lanes of different window and hop over one input: each gives the bytes that it gives alone, and
/// lines pair by the source's positions.
@Suite("Contract: lanes of different hops")
struct MixedLaneTests {
  let space: Workspace
  let samples = Sound.samples(40_321)
  let recording: String

  /// Window and hop by lane.
  private static let shapes = ["hop160": (400, 160), "hop512": (512, 512), "ties": (400, 512)]
  private static let names = ["hop160", "hop512", "ties"]

  init() throws {
    space = try Workspace()
    recording = try space.write(Sound.wav(samples), to: "speech.wav")
    let long = ModelBytes.lstm(inputs: 24, hidden: 12, outputs: 2, rate: 16_000, seed: 5)
    _ = try space.write(
      long.withLogMel(window: 512, hop: 512, bands: 24, seed: 6).bytes, to: "long.safetensors")
    let ties = ModelBytes.transformer(
      inputs: 16, size: 12, heads: 2, layers: 2, rate: 16_000, mask: "chunk", chunk: 3,
      leftContext: 5, seed: 7)
    _ = try space.write(
      ties.withLogMel(window: 400, hop: 512, bands: 16, seed: 8).bytes, to: "ties.safetensors")
  }

  /// `--model` for lanes in this order.
  private func models(_ names: [String]) -> [String] {
    let files = [
      "hop160": space.model("speech-transformer"), "hop512": space.path("long.safetensors"),
      "ties": space.path("ties.safetensors"),
    ]
    return names.flatMap { ["--model", "\(files[$0] ?? ""),name=\($0)"] }
  }

  private func expectSameAsAlone(
    _ arguments: [String], feed: (@Sendable (InputPipe) -> Void)? = nil,
    _ location: SourceLocation = #_sourceLocation
  ) async throws {
    try await space.run(
      arguments + models(Self.names) + ["--output", space.path("together")], feed: feed
    ).expectSuccess(location)
    let together = try space.lines("together")
    for name in Self.names {
      try await space.run(
        ["replay", recording] + models([name]) + ["--output", space.path("one")]
      )
      .expectSuccess(location)
      let alone = try space.lines("one")
      let (window, hop) = try #require(Self.shapes[name])
      #expect(alone.count == (samples.count - window) / hop + 1, sourceLocation: location)
      let own = together.filter { $0.hasPrefix("{\"lane\":\"\(name)\",") }
      #expect(own == alone, "\(name)", sourceLocation: location)
    }
  }

  @Test("Each lane gives the bytes that it gives alone", arguments: ["max", "max:3", "15"])
  func together(pace: String) async throws {
    try await expectSameAsAlone(["replay", recording, "--pace", pace])
  }

  @Test("In a pipe, too, replayed and live", arguments: ["replay", "live"])
  func piped(command: String) async throws {
    let bytes = Sound.bytes(samples)
    try await expectSameAsAlone([command, "-", "--format", "s16le", "--rate", "16000"]) {
      $0.write(bytes, inPiecesOf: 3_001, seed: 12)
    }
  }

  @Test("Lines are in the order of position, then lane as given", arguments: ["max", "15"])
  func order(pace: String) async throws {
    for names in [Self.names, Self.names.reversed()] {
      try await space.run(
        ["replay", recording, "--pace", pace, "--output", space.path("out")] + models(names)
          + RunReport.options(space)
      ).expectSuccess()
      let log = try space.lines("log").map { try LogLine($0) }
      for line in log {
        let (window, hop) = try #require(Self.shapes[line.lane])
        #expect(line.position == line.frame * hop + window - 1)
        #expect(line.partsSum == line.response)
      }
      let keys = log.map { ($0.position, names.firstIndex(of: $0.lane) ?? -1) }
      #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 < $1 })
      #expect(Set(keys.map(\.0)).count < keys.count, "some frames end with the same sample")
      let outputs = try space.lines("out").map { try JSONDocument($0) }
      #expect(try outputs.map { try $0.text("lane") } == log.map(\.lane))
      #expect(try outputs.map { try $0.integer("frame") } == log.map(\.frame))
      for lane in try RunReport(space).lanes {
        #expect(try lane.integer("consumed") + lane.integer("tail") == samples.count)
      }
    }
  }

  @Test("Both lanes of one position have one arrival at pace max")
  func arrivals() async throws {
    try await space.run(
      ["replay", recording] + models(Self.names) + RunReport.options(space)
    ).expectSuccess()
    for line in try space.lines("log").map({ try LogLine($0) }) {
      #expect(line.arrival == (line.position + 1) * 62_500)
    }
    let report = try RunReport(space)
    #expect(try report.lane("hop512").integer("deadline_ns") == 32_000_000)
    #expect(try report.lane("ties").integer("algorithmic_latency_ns") == 64_000_000)
  }

  @Test("A 48 kHz stereo file: its mean, or one channel", arguments: ["max", "12"])
  func stereo(pace: String) async throws {
    let left = Sound.samples(72_000, seed: 1)
    let right = Sound.samples(72_000, seed: 2).map { $0 / 2 }
    func run(_ name: String, _ samples: [Int16], _ channels: UInt16, _ options: [String])
      async throws -> [String]
    {
      let path = try space.write(
        Sound.wav(samples, rate: 48_000, channels: channels), to: "\(name).wav")
      try await space.run(
        ["replay", path, "--pace", pace, "--output", space.path(name)] + options
          + models(Self.names) + RunReport.options(space)
      ).expectSuccess()
      let input = try RunReport(space).summary.object("input")
      #expect(try input.integer("rate") == 48_000)
      #expect(try input.integer("channels") == Int(channels))
      #expect(try input.integer("received") == 72_000, "counted for each channel")
      return try space.lines(name)
    }
    let both = zip(left, right).flatMap { [$0, $1] }
    let first = try await run("first", both, 2, ["--channel", "1"])
    let second = try await run("second", both, 2, ["--channel", "2"])
    let mean = try await run("mean", both, 2, [])
    let frames = try Self.names.map { name in
      let (window, hop) = try #require(Self.shapes[name])
      return (24_000 - window) / hop + 1
    }
    #expect(first.count == frames.reduce(0, +))
    #expect(try await run("left", left, 1, []) == first)
    #expect(try await run("right", right, 1, []) == second)
    let doubled = zip(left, right).map { (Float($0) + Float($1)) / 65_536 }
    let bytes = Sound.floatBytes(doubled)
    try await space.run(
      ["replay", "-", "--format", "f32le", "--rate", "48000", "--output", space.path("floats")]
        + models(Self.names)
    ) { $0.write(bytes) }
    .expectSuccess()
    #expect(try space.lines("floats") == mean)
    #expect(Set([first, second, mean]).count == 3)
  }
}
