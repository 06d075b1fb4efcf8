import ArgumentParser
import Foundation

@main
struct Lockstep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lockstep",
    abstract: "Streams one input through several models and says what every frame costs.",
    discussion: """
      Runs a stateful LSTM and a chunked streaming Transformer side by side over the same frames, \
      and logs for every frame how late its output came and why.
      """,
    subcommands: [
      ReplayCommand.self, LiveCommand.self, MeasureCommand.self, SweepCommand.self,
      DevicesCommand.self, ModelCommand.self,
    ])

  static func main() {
    // A closed standard stream would give its number to a file of results.
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) == -1 {
      _ = unsafe open("/dev/null", O_RDWR)
    }
    main(nil)
  }
}
