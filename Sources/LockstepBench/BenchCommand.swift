import ArgumentParser
import Foundation
import ModelFiles
import StreamCore

@main
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lockstep-bench",
    abstract: "Measures the models' calls against what the processor allows.",
    discussion: """
      On one pinned core, in one run: the machine's limits, then every workload, in many short \
      rounds. The floor of a call is the longer of its bytes at the read bandwidth of that footprint \
      and its operations at their peak.
      """)

  @Option(help: ArgumentHelp("Write the result as JSON.", valueName: "FILE"))
  var json: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Only these: L1 L2 L3, G1 G2, R1 R2, T1c1 ... T3c16, L2x64, T2c1x64, save-T1, restore-T1 ..., lane-NAME, model-NAME, path-INPUT, resample-RATE.",
      valueName: "NAME"))
  var workload: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Only these: f32, bf16, int8.", valueName: "PRECISION"))
  var precision: [String] = []

  @Option(help: ArgumentHelp("Seconds for each workload and precision.", valueName: "N"))
  var seconds: Double?

  @Option(help: ArgumentHelp("Rounds that the seconds are divided into.", valueName: "N"))
  var rounds: Int?

  @Flag(help: "A first look: a fifth of the time.")
  var quick = false

  @Option(help: ArgumentHelp("The core to run on; by default the last.", valueName: "N"))
  var core: Int?

  @Flag(help: "Only times, for a comparison that needs no floors.")
  var noLimits = false

  func validate() throws {
    for name in precision where Precision(rawValue: name) == nil {
      throw ValidationError("--precision is '\(name)', expected f32, bf16 or int8")
    }
    let rows = try WorkloadList.rows()
    for name in workload where !rows.contains(Workload.row(of: name)) {
      throw ValidationError(
        "--workload is '\(name)', expected one of \(rows.joined(separator: ", "))")
    }
    if let seconds, !(seconds > 0 && seconds <= 3_600) {
      throw ValidationError("--seconds is \(seconds), expected more than 0, at most 3600")
    }
    if let rounds, !(1...1_000).contains(rounds) {
      throw ValidationError("--rounds is \(rounds), expected 1 to 1000")
    }
    if let core, !(0..<4_096).contains(core) {
      throw ValidationError("--core is \(core), expected a core's number")
    }
  }

  func run() throws {
    let machine: Machine
    do {
      machine = try Machine(core: core)
    } catch {
      throw failure("\(error)", exitCode: 64)
    }
    if let core, machine.core != core {
      throw failure("core \(core) cannot be used by this process", exitCode: 64)
    }
    let list = try WorkloadList { row, precision in
      let isNamed = workload.isEmpty || workload.contains { Workload.row(of: $0) == row }
      return isNamed && (self.precision.isEmpty || self.precision.contains(precision.rawValue))
    }
    for name in list.missing {
      Self.say("Warning: no model file \(name).safetensors, its lane is left out")
    }
    let workloads = list.workloads.filter { one in
      workload.isEmpty || workload.contains { $0 == one.name || $0 == one.row }
    }
    guard !workloads.isEmpty else { throw failure("nothing to measure", exitCode: 66) }
    guard
      let result = try BenchRun(
        machine: machine, workloads: workloads, seconds: seconds ?? (quick ? 0.2 : 1),
        rounds: rounds ?? (quick ? 5 : 20), measuresLimits: !noLimits, progress: Self.say)
    else { throw failure("no memory for the bandwidth loops (256 MiB)", exitCode: 71) }
    print(result.table, terminator: "")
    guard let json else { return }
    do {
      try Data((result.json.text + "\n").utf8).write(to: URL(filePath: json))
    } catch {
      throw failure("cannot write \(json): \(error.localizedDescription)", exitCode: 74)
    }
  }

  private func failure(_ message: String, exitCode: Int32) -> ExitCode {
    Self.say("Error: \(message)")
    return ExitCode(exitCode)
  }

  private static func say(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }
}
