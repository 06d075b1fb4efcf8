import ArgumentParser
import LaneRunner

/// The options of lanes that run in real time, on threads of their own.
struct ThreadOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What a lane does that is behind, live or in real time: catch-up, or drop whole chunks.",
      valueName: "policy"))
  var whenLate: LatePolicy = .catchUp

  @Flag(help: "Lanes on SCHED_FIFO threads with memory locked, a core each where there are enough.")
  var realtime = false
}

extension LatePolicy: ExpressibleByArgument {}
