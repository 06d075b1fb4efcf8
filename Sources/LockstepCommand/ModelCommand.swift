import ArgumentParser
import ModelFiles

struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Looks into model files.", subcommands: [Info.self])

  struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints what is in a model file and what it costs.")

    @Argument(help: "A model file.")
    var file: String

    func run() throws {
      try reportingFailures {
        try StandardOutput.write(ModelDescription(try ModelFile(contentsOf: file)).text)
      }
    }
  }
}
