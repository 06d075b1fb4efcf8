import Testing

/// The bytes of each lane's output lines are fixed by the samples and the model: not by how the
/// samples come, how fast, or beside which other lanes.
@Suite("Contract: same bytes")
struct SameBytesTests {
  let space: Workspace
  /// Ends inside a frame, and in a chunk that is not full.
  let samples = Sound.samples(20_123)
  let recording: String

  init() throws {
    space = try Workspace()
    recording = try space.write(Sound.wav(samples), to: "speech.wav")
  }

  /// What a run of the default lanes writes, given these arguments.
  private func output(
    _ arguments: [String], waitsForClock: Bool = false,
    feed: (@Sendable (InputPipe) -> Void)? = nil, _ location: SourceLocation = #_sourceLocation
  ) async throws -> [String] {
    let name = "\(arguments.joined(separator: " ").count)-\(UInt64.random(in: 0 ... .max)).out"
    var process = space.lockstep(arguments + ["--output", space.path(name)], feed: feed)
    process.waitsForClock = waitsForClock
    let result = try await process.run()
    #expect(result.exitCode == 0, "\(result.errors)", sourceLocation: location)
    return try space.lines(name)
  }

  private func reference() async throws -> [String] {
    let lines = try await output(["replay", recording])
    try #require(lines.count == 2 * ((samples.count - 400) / 160 + 1))
    return lines
  }

  @Test("Two runs")
  func twoRuns() async throws {
    #expect(try await reference() == reference())
  }

  @Test("A file, and a pipe in writes of random size", arguments: [1, 3, 701, 50_000])
  func pieces(largest: Int) async throws {
    let bytes = Sound.bytes(samples)
    let piped = try await output(["replay", "-", "--format", "s16le", "--rate", "16000"]) {
      $0.write(bytes, inPiecesOf: largest, seed: UInt64(largest))
    }
    #expect(try await piped == reference())
  }

  @Test("A WAV stream in a pipe, its length unknown")
  func streamedWAV() async throws {
    let bytes = Sound.wav(samples, claims: .max)
    let piped = try await output(["replay", "-"]) { $0.write(bytes, inPiecesOf: 999, seed: 9) }
    #expect(try await piped == reference())
  }

  @Test("A file on standard input")
  func redirected() async throws {
    let redirected = try await output(["replay", "/dev/stdin", "--format", "wav"]) {
      $0.write(Sound.wav(samples))
    }
    #expect(try await redirected == reference())
  }

  @Test("Every pace", arguments: ["max", "max:3", "realtime", "7.5", "100"])
  func paces(pace: String) async throws {
    let paced = try await output(
      ["replay", recording, "--pace", pace], waitsForClock: pace == "realtime")
    #expect(try await paced == reference())
  }

  @Test("WAV and FLAC")
  func lossless() async throws {
    try Sound.writeFLAC(samples, to: space.path("speech.flac"))
    #expect(try await output(["replay", space.path("speech.flac")]) == reference())
  }

  @Test("s16le and the same numbers as f32le")
  func floats() async throws {
    let bytes = Sound.floatBytes(samples.map { Float($0) / 32_768 })
    let piped = try await output(["replay", "-", "--format", "f32le", "--rate", "16000"]) {
      $0.write(bytes)
    }
    #expect(try await piped == reference())
  }

  @Test("One channel, and two that hold the same")
  func stereo() async throws {
    let path = try space.write(
      Sound.wav(samples.flatMap { [$0, $0] }, channels: 2), to: "stereo.wav")
    #expect(try await output(["replay", path]) == reference())
    let other = samples.flatMap { [$0 / 3, $0] }
    let mixed = try space.write(Sound.wav(other, channels: 2), to: "mixed.wav")
    #expect(try await output(["replay", mixed, "--channel", "2"]) == reference())
    #expect(try await output(["replay", mixed]) != reference())
  }

  @Test("One lane and three", arguments: ["max", "40"])
  func lanes(pace: String) async throws {
    let lstm = space.model("speech-lstm")
    let transformer = space.model("speech-transformer")
    let three = try await output(
      ["replay", recording, "--pace", pace, "--model", lstm, "--model", transformer]
        + ["--model", "\(transformer),name=short,left-context=3"])
    let one = try await output(["replay", recording, "--model", transformer])
    #expect(three.filter { $0.hasPrefix(#"{"lane":"speech-transformer","#) } == one)
    let short = try await output(
      ["replay", recording, "--model", "\(transformer),name=short,left-context=3"])
    #expect(three.filter { $0.hasPrefix(#"{"lane":"short","#) } == short)
    #expect(short.map { $0.dropFirst(16) } != one.map { $0.dropFirst(29) })
    #expect(three.count == one.count * 3)
  }

  @Test("Replay writes by position, then lane as given, at every pace", arguments: ["max", "40"])
  func order(pace: String) async throws {
    let lines = try await output(["replay", recording, "--pace", pace])
    for (index, line) in lines.enumerated() {
      let document = try JSONDocument(line)
      #expect(try document.integer("frame") == index / 2)
      let lane = index % 2 == 0 ? "speech-lstm" : "speech-transformer"
      #expect(try document.text("lane") == lane)
    }
  }

  @Test("Live puts out what replay does, lane for lane")
  func live() async throws {
    let bytes = Sound.bytes(samples)
    let live = try await output(["live", "-", "--format", "s16le", "--rate", "16000"]) {
      $0.write(bytes, inPiecesOf: 5_000, seed: 5)
    }
    let replayed = try await reference()
    for lane in ["speech-lstm", "speech-transformer"] {
      let prefix = "{\"lane\":\"\(lane)\","
      let own = live.filter { $0.hasPrefix(prefix) }
      #expect(own == replayed.filter { $0.hasPrefix(prefix) })
    }
  }

  @Test("Options that say the file's own defaults change nothing")
  func defaults() async throws {
    #expect(
      try await output(["replay", recording, "--chunk", "4", "--left-context", "16"])
        == reference())
    let own = "\(space.model("speech-transformer")),chunk=4,left-context=16"
    #expect(
      try await output(["replay", recording, "--model", own])
        == output(["replay", recording, "--model", space.model("speech-transformer")]))
  }

  @Test("In causal mode every chunk size")
  func causalChunks() async throws {
    var model = ModelBytes.transformer(
      inputs: 3, size: 24, heads: 2, layers: 2, rate: 100, mask: "causal", chunk: 1,
      leftContext: 11, seed: 8)
    model.configuration.replace(",\"chunk_sizes\":[1]", with: "")
    let path = try space.write(model.bytes, to: "causal.safetensors")
    var random = SeededNumbers(seed: 4)
    let bytes = Sound.floatBytes((0..<3 * 157).map { _ in random.value() })
    var outputs: Set<[String]> = []
    for chunk in [1, 2, 5, 16, 200, 1_024] {
      outputs.insert(
        try await output(
          ["replay", "-", "--format", "f32le", "--rate", "100", "--channels", "3"]
            + ["--chunk", "\(chunk)", "--model", path]
        ) { $0.write(bytes) })
    }
    #expect(outputs.count == 1)
    #expect(outputs.first?.count == 157)
  }

  @Test("Output lines hold exactly lane, frame, time and the outputs")
  func lineFormat() async throws {
    let lines = try await reference()
    for line in lines {
      let document = try JSONDocument(line)
      let frame = try document.integer("frame")
      let lane = try document.text("lane")
      let output = try document.numbers("output")
      try #require(output.count == 1)
      #expect((0...1).contains(output[0]))
      let time = Double(frame * 160 + 400) / 16_000
      #expect(
        line.hasPrefix("{\"lane\":\"\(lane)\",\"frame\":\(frame),\"time\":\(time),\"output\":["))
      #expect(line.hasSuffix("[\(Float(output[0]))]}"))
    }
  }
}
