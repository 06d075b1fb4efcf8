import PlainText
import Testing

/// Options that make no sense: exit 64, one sentence, before anything is written.
@Suite("Contract: wrong options")
struct OptionErrorTests {
  let space: Workspace
  let recording: String

  init() throws {
    space = try Workspace()
    recording = try space.write(Sound.wav(Sound.samples(4_000)), to: "short.wav")
  }

  @Test(
    "An option's value out of range is 64 with a sentence of its own",
    arguments: [
      (["--chunk", "0"], "--chunk 0: expected at least 1"),
      (["--rate", "0"], "--rate is 0 Hz, expected 1 to 10000000"),
      (["--channels", "0"], "--channels is 0, expected 1 to 1024"),
      (["--channel", "2"], "--channel 2: the input has 1 channel, expected 1"),
      (
        ["--format", "s16"],
        "--format s16: expected one of wav, flac, ogg, opus, mp3, aiff, au, caf, w64, csv, ndjson, or "
          + "for raw samples u8, s8, s16le, s16be, s24le, s24be, S24_LE, S24_BE, s32le, s32be, f32le, "
          + "f32be, f64le, f64be, mulaw, alaw"
      ),
      (["--deadline", "5"], "--deadline: '5' has no unit: write 5ns, 5us, 5ms or 5s"),
      (["--deadline", "0ms"], "--deadline: '0ms' must be more than zero"),
      (
        ["--deadline", "soon"],
        "--deadline: 'soon' is not a duration such as 20ms, 1.5s, 800us or 500ns"
      ),
      (
        ["--deadline", "99999999999s"], "--deadline: '99999999999s' is longer than 292 years"
      ),
      (
        ["--pace", "0"],
        "--pace 0: expected max, max:F, realtime, or a factor of real time from 0.001 to 1000000"
      ),
      (
        ["--pace", "max:nan"],
        "--pace max:nan: expected max, max:F, realtime, or a factor of real time from 0.001 to "
          + "1000000"
      ),
    ])
  func outOfRange(options: [String], sentence: String) async throws {
    try await space.run(["replay", recording] + options).expectRefusal(64, sentence)
  }

  @Test(
    "Raw samples without --rate are 64, whatever would read them",
    arguments: [["replay"], ["live"], ["measure", "--input"], ["sweep"]], ["s16le", "f32le"])
  func rawWithoutRate(command: [String], format: String) async throws {
    let input = command == ["live"] ? "-" : recording
    let result = try await space.run(
      command + [input, "--format", format, "--summary", space.path("summary")]
    ) { $0.write([0, 0, 0, 0]) }
    result.expectRefusal(
      64, "--format \(format): raw samples do not say how many come a second, expected --rate")
    #expect(result.output.isEmpty)
    #expect((try? space.text("summary")) == nil)
  }

  @Test(
    "What the parser refuses is 64, the usage after the sentence",
    arguments: [
      (["--no-such-option"], "--no-such-option"), (["--chunk", "four"], "four"),
      (["--chunk"], "--chunk"), (["--chunk=-1"], "-1"), (["--left-context=-1"], "-1"),
      (["--left-context", "100000000000000000000"], "100000000000000000000"),
      (["--rate", "16k"], "16k"),
    ])
  func unparsable(options: [String], word: String) async throws {
    let result = try await space.run(["replay", recording] + options)
    result.expectRefusal(64, naming: [word])
    #expect(result.output.isEmpty)
  }

  @Test(
    "A subcommand or argument that is missing or unknown is 64",
    arguments: [["unknown"], ["replay"], ["model", "info"], ["model", "unknown"]])
  func noSuchCommand(arguments: [String]) async throws {
    let result = try await space.run(arguments)
    result.expectRefusal(64, naming: [])
    #expect(result.errors.contains("Usage: lockstep"))
    #expect(result.output.isEmpty)
  }

  @Test("A chunk that the model does not allow is 64, as default and as the lane's own")
  func chunkNotAllowed() async throws {
    let model = space.model("speech-transformer")
    let sentence = "model file \(model) does not allow chunk 3, expected one of 4"
    try await space.run(["replay", recording, "--chunk", "3"]).expectRefusal(64, sentence)
    try await space.run(["replay", recording, "--model", "\(model),chunk=3"])
      .expectRefusal(64, sentence)
  }

  @Test("A left context beyond the file's most is 64, as default and as the lane's own")
  func leftContextNotAllowed() async throws {
    let model = space.model("speech-transformer")
    let sentence = "model file \(model) does not allow left context 17, expected 0 to 16"
    try await space.run(["replay", recording, "--left-context", "17"]).expectRefusal(64, sentence)
    try await space.run(["replay", recording, "--model", "\(model),left-context=17"])
      .expectRefusal(64, sentence)
  }

  @Test("A chunk on an LSTM is 64 in --model, and passed over as default")
  func chunkOnLSTM() async throws {
    let model = space.model("speech-lstm")
    for (option, noun) in [("chunk=4", "chunk"), ("left-context=4", "left context")] {
      try await space.run(["replay", recording, "--model", "\(model),\(option)"])
        .expectRefusal(
          64, "model file \(model) does not allow a \(noun): architecture lstm has none")
    }
    try await space.run(["replay", recording, "--model", model, "--chunk", "4"]).expectSuccess()
  }

  @Test(
    "A malformed --model is 64",
    arguments: [
      ("", "the file is missing"), (",chunk=4", "the file is missing"), ("MODEL,chunk", "'chunk'"),
      ("MODEL,chunk=", "chunk="), ("MODEL,chunk=0", "at least 1"), ("MODEL,chunk=x", "chunk=x"),
      ("MODEL,left-context=-1", "at least 0"), ("MODEL,size=3", "'size=3'"),
      ("MODEL,name=", "'name='"), ("MODEL,", "''"),
    ])
  func malformedModel(text: String, word: String) async throws {
    let model = text.replacing("MODEL", with: space.model("speech-transformer"))
    try await space.run(["replay", recording, "--model", model])
      .expectRefusal(64, naming: ["--model", word])
  }

  @Test("Two lanes of one given name are told apart")
  func equalNames() async throws {
    let model = space.model("speech-lstm")
    try await space.run(
      ["replay", recording, "--model", model, "--model", model, "--model", model]
        + ["--output", space.path("out")]
    ).expectSuccess()
    let names = try space.lines("out").prefix(3).map { try JSONDocument($0).text("lane") }
    #expect(names == ["speech-lstm", "speech-lstm-2", "speech-lstm-3"])
  }

  @Test(
    "A requirement that cannot be checked is 64, before the run",
    arguments: [
      ("p99", "OP"), ("p99 < 5", "has no unit"), ("p99 < five", "five"), ("speed < 5", "speed"),
      ("nobody:p99 < 5ms", "nobody"), ("misses < 5ms", "5ms"), ("misses < 101%", "101%"),
      ("load < 5%", "%"), ("p99 =< 5ms", "OP"), ("p99 != 5ms", "OP"), ("", "OP"),
      ("name == 5", "name"),
    ])
  func badRequirement(requirement: String, word: String) async throws {
    let result = try await space.run(["replay", recording, "--require", requirement])
    result.expectRefusal(64, naming: ["--require", word])
    #expect(result.output.isEmpty)
  }

  @Test("One file cannot take two kinds of results")
  func oneFileForTwo() async throws {
    let path = space.path("both")
    for (first, second) in [("output", "log"), ("log", "summary"), ("output", "summary")] {
      try await space.run(["replay", recording, "--\(first)", path, "--\(second)", path])
        .expectRefusal(64, naming: [path])
    }
  }

  @Test("A pace that the machine cannot hold in memory is refused or run, never a crash")
  func hugePace() async throws {
    for pace in ["2000", "100000", "1000000"] {
      var process = space.lockstep(["replay", recording, "--pace", pace])
      process.addressSpace = 8 << 30
      let result = try await process.run()
      #expect(result.signal == nil, "\(pace)")
      #expect(result.exitCode == 0 || result.exitCode == 64, "\(pace): \(result.errors)")
    }
  }

  @Test(
    "What the parser quotes of the arguments is safe for a terminal",
    arguments: [["--no\u{1B}[31m"], ["--precision", "\u{9B}2J"], ["--pace=\u{202E}x"]])
  func quotedArguments(arguments: [String]) async throws {
    let result = try await space.run(["replay", recording] + arguments)
    #expect(result.exitCode == 64)
    #expect(result.errors.hasPrefix("Error: "))
    #expect(!result.errors.unicodeScalars.contains { $0 != "\n" && "\($0)".printable != "\($0)" })
    #expect(result.errors.split(separator: "\n").allSatisfy { $0.utf8.count < 500 })
  }

  @Test("Live without an input is 64")
  func liveWithoutInput() async throws {
    try await space.run(["live"])
      .expectRefusal(64, "expected --device NAME, or - for a pipe")
  }

  @Test("A live input that is no pipe is 64")
  func liveFile() async throws {
    try await space.run(["live", recording]).expectRefusal(64, naming: [recording, "replay"])
  }

  @Test("A channel that the input does not have is 64", arguments: [0, 2, -1])
  func noSuchChannel(channel: Int) async throws {
    try await space.run(["replay", recording, "--channel=\(channel)"])
      .expectRefusal(64, naming: ["--channel \(channel)"])
  }
}
