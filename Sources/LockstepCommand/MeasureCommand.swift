import ArgumentParser
import Experiments
import PlainText

struct MeasureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure",
    abstract: "Loads models at a fixed frame rate: how late, and how many streams a core carries.",
    discussion: """
      Frames arrive on an absolute schedule whatever the lanes do, and all streams of a lane get \
      theirs at the same instant. A frame's response time ends when all its streams' outputs are \
      out. State, samples and MACs in the table are those of one stream.
      """)

  @Option(
    help: ArgumentHelp(
      "A recording that the streams hear round and round, each from another place; by default "
        + "random samples.", valueName: "file"))
  var input: String?

  @Option(help: ArgumentHelp("Frames a second; by default the model's own.", valueName: "hz"))
  var frameRate: Double?

  @Option(help: ArgumentHelp("How long, after the warm-up.", valueName: "duration"))
  var duration = "10s"

  @Option(help: ArgumentHelp("Independent streams of each model, on one core.", valueName: "n"))
  var streams: Int?

  @Flag(
    help: ArgumentHelp(
      "Finds the most streams whose p99 of the response time is within --deadline, lane by lane."))
  var findMax = false

  @Flag(
    help: ArgumentHelp(
      "Waits for nothing: arrivals come from the schedule, and every call lasts as long as it was "
        + "measured to last. Quick, but blind to waking late."))
  var virtual = false

  @Flag(help: "Lanes on SCHED_FIFO threads with memory locked, a core each where there are enough.")
  var realtime = false

  @Option(help: ArgumentHelp("Seed of the random samples.", valueName: "n"))
  var seed: UInt64 = 1

  @OptionGroup var inputOptions: InputOptions
  @OptionGroup var laneOptions: LaneOptions

  @Option(help: ArgumentHelp("A record a frame, NDJSON or .csv.", valueName: "file"))
  var log: String?

  @Option(help: ArgumentHelp("What the table shows, as JSON.", valueName: "file"))
  var summary: String?

  @Option(
    help: ArgumentHelp(
      "A page to look at in a browser: response times, percentiles, budget, the search.",
      valueName: "file"))
  var report: String?

  @Option(
    help: ArgumentHelp(
      "A condition on the summary, such as 'p99 < 20ms'; exit 3 if it does not hold.",
      valueName: "condition"))
  var require: [String] = []

  var resultOptions: ResultOptions {
    ResultOptions(log: log, summary: summary, report: report, require: require)
  }

  func run() throws {
    try reportingFailures {
      try checkOptions()
      let nanoseconds = try durationNanoseconds()
      try Session.run(resultOptions) { try prepare($0, duration: nanoseconds) }
    }
  }

  private func checkOptions() throws {
    func refuse(_ sentence: String) throws {
      throw CommandFailure.usage(sentence)
    }
    if let frameRate, !(0.01...1_000_000).contains(frameRate) {
      try refuse("--frame-rate \(frameRate): expected 0.01 to 1000000")
    }
    if let streams, !(1...MeasureSearch.streamLimit).contains(streams) {
      try refuse("--streams \(streams): expected 1 to \(MeasureSearch.streamLimit)")
    }
    if input == "-" {
      try refuse("--input -: expected a file, which is read before the load begins")
    }
    guard findMax else { return }
    if laneOptions.deadline == nil { try refuse("--find-max: expected --deadline with it") }
    if streams != nil { try refuse("--streams: expected without --find-max, which finds them") }
    if log != nil { try refuse("--log: expected without --find-max, which runs many times") }
  }

  private func durationNanoseconds() throws -> Int64 {
    let nanoseconds = try DurationArgument.parse(duration, of: "--duration", allowingLong: true)
    guard nanoseconds <= 1_000_000_000_000_000 else {
      throw CommandFailure.usage("--duration \(duration): expected at most 1000000s")
    }
    return nanoseconds
  }
}
