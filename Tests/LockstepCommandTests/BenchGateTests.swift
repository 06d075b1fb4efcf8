import Foundation
import Testing

/// The comparing part of `scripts/bench-gate`, fed with results made by hand.
@Suite("Contract: bench-gate")
struct BenchGateTests {
  private static let script = URL(filePath: Workspace.golden)
    .appending(path: "../../scripts/bench-gate").standardizedFileURL.path

  @Test("A slowdown beyond the spread is 1 and named; one within it is none")
  func slowdown() async throws {
    // L1 is 5 % slower in every round; L2 is 5 % slower in the middle, with rounds that overlap.
    let old = [
      "L1": [100, 101, 100, 99, 100.0], "L2": [90, 110, 100, 120, 80], "L3": [10, 10, 10, 10, 10],
    ]
    let new = [
      "L1": [105, 106, 104, 105, 105.0], "L2": [95, 115, 105, 125, 85], "L3": [9, 9, 9, 9, 9],
    ]
    let result = try await run(old, new)
    #expect(result.exitCode == 1, "\(result.errors)")
    let lines = result.outputText.split(separator: "\n")
    #expect(lines.last == "Slower: L1 f32.")
    let verdicts = lines.filter { $0.hasPrefix("L") }.map { $0.split(separator: " ") }
    #expect(verdicts.map(\.last) == ["SLOWER", "-", "faster"])
    #expect(verdicts[0].contains("1.050"))
  }

  @Test("Equal results are 0")
  func equal() async throws {
    let times = ["L1": [100, 101, 100, 99.0]]
    let result = try await run(times, times)
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.outputText.hasSuffix("\nNothing is slower.\n"))
  }

  @Test("A sure slowdown of 1 % is let be, one of 3 % not", arguments: [(1.01, 0), (1.03, 1)])
  func least(ratio: Double, code: Int32) async throws {
    let times = [100, 100, 100, 100.0]
    let result = try await run(["L1": times], ["L1": times.map { $0 * ratio }])
    #expect(result.exitCode == code, "\(result.errors)")
  }

  @Test("What only one has is named, and compared with nothing")
  func onlyOne() async throws {
    let result = try await run(
      ["L1": [1, 1, 1, 1], "gone": [1, 1, 1, 1]], ["L1": [1, 1, 1, 1], "come": [9, 9, 9, 9]])
    #expect(result.exitCode == 0)
    #expect(result.outputText.contains("\nIn one of them only: gone f32, come f32.\n"))
  }

  @Test("Results of other kernels, and too few of them, are refused")
  func refused() async throws {
    let times = ["L1": [1, 1, 1, 1.0]]
    try await run(times, times, newKernels: "avx2").expectRefusal(65, naming: ["avx2"])
    try await run(["L1": [1.0]], times).expectRefusal(64, naming: ["four"])
  }

  /// Runs the gate over rounds of medians in us by workload.
  private func run(
    _ old: [String: [Double]], _ new: [String: [Double]], newKernels: String = "avx512"
  ) async throws -> ProcessResult {
    let space = try Workspace()
    let sides = try [("old", old, "avx512"), ("new", new, newKernels)].map { side, times, kernels in
      try (0..<(times.values.map(\.count).min() ?? 0)).map { round in
        let rows = times.sorted { $0.key < $1.key }.map { name, values in
          """
          {"workload": "\(name)", "precision": "f32",
           "round_median_ns": {"middle": \(values[round] * 1_000)}}
          """
        }
        let text = """
          {"machine": {"processor": "p", "kernel_variant": "\(kernels)"},
           "results": [\(rows.joined(separator: ","))]}
          """
        let path = space.path("\(side)-\(round).json")
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        return path
      }
    }
    return try await LockstepProcess(
      program: Self.script, arguments: ["--old"] + sides[0] + ["--new"] + sides[1],
      environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"],
      timeLimit: 60
    ).run()
  }
}
