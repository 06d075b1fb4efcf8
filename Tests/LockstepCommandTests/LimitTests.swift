import Foundation
import Testing

/// What a run may take of memory and threads: too much is a sentence and exit code 71, before it is taken.
@Suite("Contract: limits")
struct LimitTests {
  let space: Workspace
  let recording: String

  init() throws {
    space = try Workspace()
    recording = try space.write(Sound.wav(Sound.samples(16_000)), to: "speech.wav")
  }

  @Test("The state of one lane over the limit is refused with its size")
  func oneLane() async throws {
    let model = try space.write(ModelBytes.deepTransformer().bytes, to: "deep.safetensors")
    let input = try space.write("a\n" + String(repeating: "0.5\n", count: 50), to: "one.csv")
    var small = space.lockstep(["replay", input, "--model", model])
    // Nothing of that size is allocated before it is refused; the limit itself would lower the default.
    let refused = try await small.run()
    small.addressSpace = 1 << 30
    try await small.run().expectRefusal(71, naming: ["the state of a stream would take 4.58 GiB"])
    refused.expectRefusal(
      71, naming: ["deep.safetensors", "the state of a stream would take 4.58 GiB", "at most the"])
    for command in [
      ["replay", input, "--model", model], ["sweep", input, "--model", model],
      ["measure", "--model", model, "--duration", "1s"], ["features", input, "--model", model],
    ] {
      try await space.run(command + ["--memory-limit", "1GB"])
        .expectRefusal(71, naming: ["4.58 GiB", "954 MiB"])
    }
    try await space.run(["model", "info", model]).expectSuccess()
  }

  @Test("All lanes together are held against the limit, and what is left is enough for one")
  func allLanes() async throws {
    let lane = space.model("speech-transformer")
    func run(_ limit: String) async throws -> ProcessResult {
      try await space.run(
        ["replay", recording, "--memory-limit", limit]
          + (0..<50).flatMap { ["--model", "\(lane),name=n\($0)"] })
    }
    try await run("200KB").expectRefusal(
      71, naming: ["state and weights of 50 lanes take", "lane n0", "195 KiB of --memory-limit"])
    try await run("10 MB").expectSuccess()
    try await run("many").expectRefusal(64, naming: ["--memory-limit many", "500MB"])
  }

  @Test("What earlier lanes leave is the limit of a file, and of the copies of a snapshot")
  func whatIsLeft() async throws {
    let models = try (1...2).map { seed in
      try space.write(
        ModelBytes.lstm(inputs: 6, hidden: 200, outputs: 1, rate: 50, seed: UInt64(seed)).bytes,
        to: "lstm\(seed).safetensors")
    }
    let input = try space.write(SensorText(50).csv(), to: "sensors.csv")
    try await space.run(
      ["replay", input, "--memory-limit", "2MB"] + models.flatMap { ["--model", $0] }
    ).expectRefusal(
      71, naming: ["lstm2.safetensors", "its weights would take", "that the memory limit leaves"])

    let lane = space.model("speech-transformer")
    let lanes = (0..<50).flatMap { ["--model", "\(lane),name=n\($0)"] }
    let run = ["replay", recording, "--snapshot", space.path("state")] + lanes
    try await space.run(["replay", recording, "--summary", space.path("s")] + lanes).expectSuccess()
    let size = try #require(try JSONDocument(space.text("s")).objects("lanes").first)
    let (state, weights) = (try size.integer("state_bytes"), try size.integer("weight_bytes"))
    try await space.run(run + ["--memory-limit", "\(weights + 75 * state)"]).expectRefusal(
      71, naming: ["snapshots take", "that state and weights leave of --memory-limit"])
    #expect(!space.exists("state"))
    try await space.run(run + ["--memory-limit", "\(weights + 200 * state)"]).expectSuccess()
  }

  @Test("An allocation that fails is a sentence, no trap")
  func failedAllocation() async throws {
    let model = try space.write(ModelBytes.deepTransformer().bytes, to: "deep.safetensors")
    let input = try space.write("a\n" + String(repeating: "0.5\n", count: 50), to: "one.csv")
    var process = space.lockstep(["replay", input, "--model", model, "--memory-limit", "60GiB"])
    process.addressSpace = 2 << 30
    try await process.run().expectRefusal(71, naming: ["there is no memory for ", "bytes more"])
  }

  /// The limit on processes does not hold for root, who can become somebody else.
  @Test(
    "A thread that cannot start is a sentence, and nothing waits for it",
    .enabled(if: geteuid() == 0))
  func threads() async throws {
    for number in [1, 2] {
      var process = space.lockstep(["replay", recording, "--pace", "10"])
      process.launcher = [
        "/usr/bin/setpriv", "--reuid", "65533", "--regid", "65533", "--clear-groups",
        "/usr/bin/prlimit",
        "--nproc=\(number)",
      ]
      process.timeLimit = 30
      try await process.run().expectRefusal(
        71, naming: ["thread 1 of 3", "could not start"])
    }
  }

  @Test("Inputs of many channels at high rates take little")
  func wideInput() async throws {
    var bytes = Sound.wav(Sound.samples(512))
    // 1,024 channels at 10 MHz, of which the data hold one sample.
    func put(_ value: UInt32, at place: Int, bytes count: Int) {
      for index in 0..<count {
        bytes[place + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(index)))
      }
    }
    put(1_024, at: 22, bytes: 2)
    put(10_000_000, at: 24, bytes: 4)
    put(UInt32(truncatingIfNeeded: 10_000_000 * 2_048), at: 28, bytes: 4)
    put(2_048, at: 32, bytes: 2)
    bytes += [UInt8](repeating: 0, count: 1_024)
    put(2_048, at: 40, bytes: 4)
    let input = try space.write(bytes, to: "wide.wav")
    var process = space.lockstep(
      ["replay", input, "--pace", "realtime", "--model", space.model("speech-lstm")])
    process.addressSpace = 1 << 30
    let result = try await process.run()
    #expect(result.exitCode == 65, "\(result.errors)")
  }

  @Test("Lines of errors end at 500 bytes, whatever a file says")
  func longSentences() async throws {
    let shape = "[\(Array(repeating: "1", count: 20_000).joined(separator: ","))]"
    let header =
      "{\"__metadata__\":{\"lockstep.format\":\"1\"},\"a\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":[0,0]}}"
    let path = try space.write(ModelBytes.file(header: header), to: "shape.safetensors")
    let result = try await space.run(["model", "info", path])
    #expect(result.exitCode == 78)
    #expect(result.errors.hasPrefix("Error: bad model file \(path): tensor a"))
    #expect(result.errors.utf8.count <= 500)
    #expect(result.errors.contains(" ... "))
  }

  @Test("Provenance without end is shown as far as people read")
  func longProvenance() async throws {
    var model = ModelBytes.lstm(inputs: 2, hidden: 3, rate: 50, seed: 3)
    model.provenance =
      String(repeating: "{\"a\":", count: 62) + "["
      + Array(repeating: "[1.5,\"x\"]", count: 100_000).joined(separator: ",") + "]"
      + String(repeating: "}", count: 62)
    let path = try space.write(model.bytes, to: "long.safetensors")
    let result = try await space.run(["model", "info", path])
    result.expectSuccess()
    #expect(result.output.count < 64_000)
  }
}
