import ArgumentParser
import Experiments
import LaneRunner
import StreamCore

struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Shows the trade-off: quality and cost over chunk, left context, precision and size.",
    discussion: """
      Every combination that a model allows is a point. Each is run alone over the recording, all \
      in turn and again as often as --repeat says, at pace max: arrivals are virtual, computing \
      takes as long as it was measured to take.
      """)

  @Argument(help: "A recording: .wav, .flac, .ogg, .csv or .ndjson.")
  var input: String

  @Option(
    help: ArgumentHelp(
      "A model; options after the file stand for it in place of the lists. By default the trained "
        + "pair.", valueName: "file[,name=,chunk=,left-context=,precision=,kv=,beam=]"))
  var model: [String] = []

  @Option(
    help: ArgumentHelp(
      "Frames a call, such as 1,4,16; by default these, as far as a model allows them.",
      valueName: "list"))
  var chunk: String?

  @Option(
    help: ArgumentHelp(
      "Frames before the chunk that attention sees, such as 32,128; by default the model's own.",
      valueName: "list"))
  var leftContext: String?

  @Option(
    help: ArgumentHelp("Weights as loaded into the kernels: f32, bf16, int8.", valueName: "list"))
  var precision = "f32"

  @Option(
    help: ArgumentHelp(
      "Latest good response time of every point, such as 20ms; by default each one's algorithmic "
        + "latency plus one frame.", valueName: "duration"))
  var deadline: String?

  @Option(
    help: ArgumentHelp(
      "max, or max:F with arrivals F times faster, which brings loads up.", valueName: "pace"))
  var pace = "max"

  @Option(name: .customLong("repeat"), help: ArgumentHelp("Runs of each point.", valueName: "n"))
  var repetitions = 6

  @OptionGroup var onnx: ONNXOptions
  @OptionGroup var memory: MemoryOptions
  @OptionGroup var inputOptions: InputOptions
  @OptionGroup var labelOptions: LabelOptions

  @Option(help: ArgumentHelp("What the table shows, as JSON.", valueName: "file"))
  var summary: String?

  @Option(
    help: ArgumentHelp(
      "A page to look at in a browser: the front, what each point costs, all points.",
      valueName: "file"))
  var report: String?

  @Option(
    help: ArgumentHelp(
      "The trade-off as one SVG for a paper: quality over the whole delay, over parameters and over "
        + "multiply-adds.", valueName: "file.svg"))
  var figure: String?

  @Option(
    help: ArgumentHelp(
      "What models reach that hear the whole stream, as JSON, drawn as lines "
        + "(samples/recognition.bounds.json).", valueName: "file"))
  var bounds: String?

  @Option(
    help: ArgumentHelp(
      "A condition on the medians of every point, or of those of one model or name before a colon, "
        + "such as 'misses == 0'; exit 3 if it does not hold.", valueName: "condition"))
  var require: [String] = []

  var resultOptions: ResultOptions {
    var options = ResultOptions(summary: summary, report: report, require: require)
    options.figure = figure
    return options
  }

  func run() throws {
    try reportingFailures {
      let axes = SweepAxes(
        chunkSizes: try chunk.map { text in
          try ListArgument.numbers(text, of: "--chunk", least: 1)
        },
        leftContexts: try leftContext.map { text in
          try ListArgument.numbers(text, of: "--left-context", least: 0)
        },
        precisions: try ListArgument.words(precision, of: "--precision"))
      guard (1...1_000).contains(repetitions) else {
        throw CommandFailure.usage("--repeat \(repetitions): expected 1 to 1000")
      }
      if input == "-" {
        throw CommandFailure.usage("-: expected a file, which is read once a run")
      }
      let factor = try factor()
      let deadline = try deadline.map { try DurationArgument.parse($0, of: "--deadline") }
      try Session.run(resultOptions) {
        try prepare($0, axes: axes, deadline: deadline, factor: factor)
      }
    }
  }

  private func factor() throws -> Double {
    guard case .max(let factor) = try PaceArgument.parse(pace) else {
      throw CommandFailure.usage(
        "--pace \(pace): expected max or max:F, a sweep waits for no clock")
    }
    return factor
  }
}
