import Foundation
import Testing

/// Where the default models are looked for, seen from an executable that stands somewhere else.
@Suite("Contract: default models")
struct DefaultModelTests {
  private let space: Workspace
  private let recording: String

  init() throws {
    space = try Workspace()
    recording = try space.write(Sound.wav(Sound.samples(1_600)), to: "short.wav")
    for folder in ["prefix/bin", "elsewhere", "clone/samples", "clone/docs"] {
      try FileManager.default.createDirectory(
        atPath: space.path(folder), withIntermediateDirectories: true)
    }
    try FileManager.default.copyItem(
      atPath: LockstepProcess(arguments: []).program, toPath: space.path("prefix/bin/lockstep"))
  }

  /// A run of the copied executable in a folder.
  private func run(in folder: String, models: String? = nil) async throws -> ProcessResult {
    var process = LockstepProcess(
      program: space.path("prefix/bin/lockstep"), arguments: ["replay", recording],
      launcher: ["/usr/bin/env", "--unset=LOCKSTEP_MODELS", "--chdir=\(space.path(folder))"])
    if let models { process.launcher.append("LOCKSTEP_MODELS=\(models)") }
    return try await process.run()
  }

  private func move(_ folder: String) throws {
    let target = URL(filePath: space.path(folder))
    try FileManager.default.createDirectory(
      at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: space.path("models"), toPath: target.path)
  }

  @Test("They are installed beside the executable")
  func installed() async throws {
    try move("prefix/share/lockstep/models")
    try await run(in: "elsewhere").expectSuccess()
  }

  @Test("They are in the clone that one stands in, also in one of its folders")
  func clone() async throws {
    try move("clone/samples/models")
    _ = try space.write("", to: "clone/Package.swift")
    try await run(in: "clone").expectSuccess()
    try await run(in: "clone/docs").expectSuccess()
  }

  @Test("They are in the folder that LOCKSTEP_MODELS names, and nowhere else if it is set")
  func named() async throws {
    try await run(in: "elsewhere", models: space.path("models")).expectSuccess()
    try move("prefix/share/lockstep/models")
    try await run(in: "elsewhere", models: space.path("models"))
      .expectRefusal(66, naming: ["are in none of \(space.path("models"));"])
  }

  @Test("A path of the clone that it was built in is no place")
  func elsewhere() async throws {
    let result = try await run(in: "elsewhere")
    result.expectRefusal(66, naming: [space.path("prefix/share/lockstep/models"), "--model FILE"])
    #expect(!result.errors.contains("samples/models"))
  }

  @Test("--help names them, the environment and the exit codes")
  func help() async throws {
    let help = try await space.run(["--help"]).outputText
    for word in [
      "speech-lstm", "activity-transformer", "../share/lockstep/models", "LOCKSTEP_MODELS",
      "LOCKSTEP_KERNELS", "143 SIGTERM",
    ] { #expect(help.contains(word), "\(word)") }
    for code in ["0 ", "3 ", "64", "65", "66", "69", "71", "74", "78"] {
      #expect(help.contains("\n  \(code)  "), "\(code)")
    }
  }
}
