import ArgumentParser

@main
struct Lockstep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lockstep",
    abstract: "Streams one input through several models and says what every frame costs.",
    discussion: """
      Runs a stateful LSTM and a chunked streaming Transformer side by side over the same frames, \
      and logs for every frame how late its output came and why.
      """,
    subcommands: [ReplayCommand.self, LiveCommand.self, DevicesCommand.self, ModelCommand.self])
}
