import ArgumentParser
import LaneRunner
import ModelFiles
import ONNXLanes
import StreamCore

struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Looks into model files, and checks them.",
    subcommands: [Info.self, Check.self])

  struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints what is in a model file and what it costs.",
      discussion: """
        Of an .onnx file, its inputs and outputs and its signature; where it has none, one to fill \
        in.
        """)

    @Argument(help: "A model file, .safetensors or .onnx.")
    var file: String

    @OptionGroup var onnx: ONNXOptions

    func run() throws {
      try reportingFailures {
        let description =
          ONNXFile.isONNX(file)
          ? try ModelDescription(ONNXFile(contentsOf: file, runtime: onnx.onnxRuntime))
          : ModelDescription(try ModelFile(contentsOf: file))
        try StandardOutput.write(description.text)
      }
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Runs stored inputs and compares the outputs with those stored beside them.")

    @Argument(help: "A model file, .safetensors or .onnx.")
    var file: String

    @Option(
      help: ArgumentHelp(
        "A .safetensors file with input or samples, and output; docs/model-file.md tells of it.",
        valueName: "golden"))
    var against: String

    @Option(
      help: ArgumentHelp(
        "The largest difference that is good; exit 3 beyond it.", valueName: "number"))
    var tolerance: Double = 1e-4

    @OptionGroup var onnx: ONNXOptions

    func run() throws {
      try reportingFailures {
        try KernelVariant.check()
        guard tolerance.isFinite, tolerance >= 0 else {
          throw CommandFailure.usage("--tolerance \(tolerance): expected a number of at least 0")
        }
        let check = try check(
          LaneFile(
            contentsOf: file, options: ModelOptions(memoryLimit: LaneMemory.defaultLimit),
            onnxRuntime: onnx.onnxRuntime
          ).lane(name: "model"))
        try StandardOutput.write(
          "\(check.frames) frames of \(check.outputSize) \(check.outputSize == 1 ? "output" : "outputs"): "
            + "largest difference \(check.largestDifference) at frame \(check.frame), output "
            + "\(check.output): \(check.found), stored \(check.expected)\n")
        if Double(check.largestDifference) > tolerance {
          throw CommandFailure(
            "\(file): differs from \(against) by \(check.largestDifference), expected at most "
              + "\(tolerance)", exitCode: CommandFailure.requirementNotMet)
        }
      }
    }

    /// Stored values are data, not a model: what is wrong with them has the exit code of data.
    private func check(_ lane: LaneSetup) throws -> ModelCheck {
      do throws(ModelFileError) {
        return try ModelCheck(lane.model, frontEnd: lane.frontEnd, against: against)
      } catch {
        guard error.kind == .malformed else { throw error }
        throw CommandFailure("\(against): \(error.reason)", exitCode: 65)
      }
    }
  }
}
