import Foundation
import Testing

/// Reduced precision and the kernels' variants: named in the summary, and the same bytes however
/// the run goes and whichever variant computes.
@Suite("Contract: precision and kernels")
struct PrecisionTests {
  let space: Workspace
  let recording: String
  private static let precisions = ["f32", "bf16", "int8"]

  init() throws {
    space = try Workspace()
    recording = try space.write(Sound.wav(Sound.samples(20_123)), to: "speech.wav")
  }

  /// The variants that this processor has, by its own flags.
  private static let variants: [String] = {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("flags") } ?? ""
    let flags = Set(line.split(separator: " ").map(String.init))
    var variants = ["portable"]
    #if arch(arm64)
      variants.append("neon")
    #endif
    if flags.isSuperset(of: ["avx2", "fma"]) { variants.append("avx2") }
    if flags.isSuperset(of: ["avx512f", "avx512bw", "avx512vl", "avx512dq", "fma"]) {
      variants.append("avx512")
    }
    return variants
  }()

  /// The lines that a run writes to `--output`.
  private func output(
    _ options: [String], kernels: String? = nil, _ location: SourceLocation = #_sourceLocation
  ) async throws -> [String] {
    var process = space.lockstep(
      ["replay", recording, "--output", space.path("out"), "--summary", space.path("summary")]
        + options)
    if let kernels { process.environment["LOCKSTEP_KERNELS"] = kernels }
    try await process.run().expectSuccess(location)
    return try space.lines("out")
  }

  private func lanes() throws -> [JSONDocument] {
    try JSONDocument(space.text("summary")).objects("lanes")
  }

  /// First outputs, whatever the lane's name.
  private func values(_ lines: [String]) throws -> [Double] {
    try lines.flatMap { try JSONDocument($0).numbers("output") }
  }

  @Test("A precision names itself in the summary, for all lanes or one", arguments: precisions)
  func named(precision: String) async throws {
    let all = try await output(["--precision", precision])
    #expect(try lanes().map { try $0.text("precision") } == [precision, precision])
    let models = ["speech-lstm", "speech-transformer"].map { space.model($0) }
    let own = try await output(models.flatMap { ["--model", "\($0),precision=\(precision)"] })
    #expect(own == all)
    #expect(try lanes().map { try $0.text("precision") } == [precision, precision])
    // A lane's own goes before the default.
    let mixed = try await output(
      ["--precision", precision, "--model", "\(models[0]),precision=f32", "--model", models[1]])
    #expect(try lanes().map { try $0.text("precision") } == ["f32", precision])
    #expect(
      mixed.filter { $0.contains("transformer") } == all.filter { $0.contains("transformer") })
  }

  @Test("Fewer bits are other bytes, near those of f32, and take less memory")
  func effect() async throws {
    let exact = try await output([])
    let bytes = try lanes().map { try $0.integer("weight_bytes") }
    for (precision, tolerance) in [("bf16", 0.03), ("int8", 0.06)] {
      let lines = try await output(["--precision", precision])
      #expect(lines.count == exact.count)
      for lane in ["speech-lstm", "speech-transformer"] {
        let own = lines.filter { $0.contains(lane) }
        let reference = exact.filter { $0.contains(lane) }
        #expect(own != reference, "\(precision) \(lane)")
        let pairs = zip(try values(own), try values(reference))
        let worst = pairs.map { abs($0 - $1) }.max() ?? 1
        #expect(worst < tolerance, "\(precision) \(lane)")
      }
      for (lane, whole) in zip(try lanes(), bytes) {
        #expect(try lane.integer("weight_bytes") < whole, "\(precision)")
      }
    }
  }

  @Test("A reduced KV cache is the Transformer's own option")
  func reducedCache() async throws {
    let model = space.model("speech-transformer")
    let exact = try await output(["--model", model])
    let state = try #require(try lanes().first).integer("state_bytes")
    let reduced = try await output(["--model", "\(model),kv=bf16"])
    #expect(reduced != exact)
    #expect(try #require(try lanes().first).integer("state_bytes") < state)
    #expect(try #require(try lanes().first).text("precision") == "f32", "never implied by another")
    #expect(try #require(try lanes().first).text("kv") == "bf16")
    let worst = zip(try values(reduced), try values(exact)).map { abs($0 - $1) }.max() ?? 1
    #expect(worst < 0.03)
    #expect(try await output(["--model", "\(model),kv=f32"]) == exact)
    for precision in ["bf16", "int8"] {
      let plain = try await output(["--model", "\(model),precision=\(precision)"])
      let both = try await output(["--model", "\(model),precision=\(precision),kv=bf16"])
      #expect(plain != both, "\(precision)")
    }
  }

  @Test("The summary names the precision of keys and values, of lanes that have them")
  func namedCache() async throws {
    _ = try await output(["--precision", "bf16"])
    let both = try lanes()
    #expect(both[0].isNull("kv"))
    #expect(try both[1].text("kv") == "f32", "never implied by another")
  }

  @Test("Reduced keys and values on an LSTM, which has none, are 64")
  func cacheOfLSTM() async throws {
    let model = space.model("speech-lstm")
    try await space.run(["replay", recording, "--model", "\(model),kv=bf16"]).expectRefusal(
      64, "model file \(model) does not allow keys and values in bf16: architecture lstm has none")
  }

  @Test("An empty LOCKSTEP_KERNELS is as if it were not set")
  func emptyVariant() async throws {
    let reference = try await output([])
    let machine = try JSONDocument(space.text("summary")).object("machine")
    #expect(try await output([], kernels: "") == reference)
    let other = try JSONDocument(space.text("summary")).object("machine")
    #expect(try other.text("kernel_variant") == machine.text("kernel_variant"))
  }

  /// What `--model` says after each file.
  private static let kinds = ["f32", "bf16", "int8", "f32,kv=bf16", "bf16,kv=bf16", "int8,kv=bf16"]

  /// `--model` for both default lanes at a kind; a cache is the Transformer's alone.
  private func models(_ kind: String) -> [String] {
    let precision = kind.split(separator: ",").first ?? ""
    return [
      "--model", "\(space.model("speech-lstm")),precision=\(precision)",
      "--model", "\(space.model("speech-transformer")),precision=\(kind)",
    ]
  }

  @Test("The same bytes in two runs, in real time, and by every variant", arguments: kinds)
  func sameBytes(kind: String) async throws {
    let reference = try await output(models(kind))
    #expect(reference.count == 2 * 124)
    #expect(try await output(models(kind)) == reference)
    #expect(try await output(models(kind) + ["--pace", "realtime"]) == reference)
    for variant in Self.variants {
      let lines = try await output(models(kind), kernels: variant)
      #expect(lines == reference, "\(variant)")
      let machine = try JSONDocument(space.text("summary")).object("machine")
      #expect(try machine.text("kernel_variant") == variant)
    }
    #expect(Self.variants.count > 1 || !FileManager.default.fileExists(atPath: "/proc/cpuinfo"))
  }

  @Test(
    "A variant that is none, or that this processor lacks, is 64 before anything is written",
    arguments: ["avx", "AVX2", " ", "sse2"]
      + ["avx2", "avx512", "neon"].filter { !variants.contains($0) })
  func unknownVariant(name: String) async throws {
    var process = space.lockstep(["replay", recording, "--output", space.path("out")])
    process.environment["LOCKSTEP_KERNELS"] = name
    let result = try await process.run()
    result.expectRefusal(64, naming: ["LOCKSTEP_KERNELS", name, "portable"])
    #expect(result.output.isEmpty)
    #expect(!space.exists("out"))
  }

  @Test(
    "A precision that is none is 64 and names those that are",
    arguments: [["--precision", "fp16"], ["--precision", "F32"], ["--precision", ""]])
  func unknownPrecision(options: [String]) async throws {
    let result = try await space.run(["replay", recording] + options)
    result.expectRefusal(64, naming: ["--precision"])
    for name in Self.precisions { #expect(result.errors.contains(name), "\(result.errors)") }
  }

  @Test(
    "A lane's precision or cache that is none is 64",
    arguments: [
      ("precision=fp16", "f32, bf16, int8"), ("kv=int8", "f32, bf16"), ("kv=", "f32, bf16"),
    ])
  func unknownLanePrecision(part: String, words: String) async throws {
    let model = "\(space.model("speech-transformer")),\(part)"
    try await space.run(["replay", recording, "--model", model])
      .expectRefusal(64, naming: ["--model", "\(part): expected one of \(words)"])
  }
}
