import ArgumentParser
import ModelFiles
import ONNXLanes

struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Looks into model files.", subcommands: [Info.self])

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
}
