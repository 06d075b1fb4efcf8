import ArgumentParser
import ModelFiles
import StreamIO

struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Looks into model files.", subcommands: [Info.self])

  struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints what is in a model file and what it costs.")

    @Argument(help: "A model file.")
    var file: String

    func run() throws {
      try reportingFailures { () throws(CommandFailure) in
        let text: String
        do throws(ModelFileError) {
          text = ModelDescription(try ModelFile(contentsOf: file)).text
        } catch {
          throw CommandFailure(error)
        }
        do throws(SinkError) {
          let out = FileSink.standardOutput()
          out.buffer += Array(text.utf8)
          try out.flush()
        } catch {
          throw CommandFailure(error)
        }
      }
    }
  }
}
