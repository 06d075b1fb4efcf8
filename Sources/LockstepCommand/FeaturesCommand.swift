import ArgumentParser
import LaneRunner
import LatencyLog
import StreamCore
import StreamIO

struct FeaturesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "features",
    abstract: "Writes the frames that a model gets of a recording.",
    discussion: """
      A line a frame: {"frame":0,"time":0.025,"features":[...]}, after resampling, downmix, the choice \
      of columns and gaps, as replay does them, and after normalisation and splicing.
      """)

  @Argument(help: "A recording: .wav, .flac, .ogg, .csv, .ndjson, or - for standard input.")
  var input: String

  @Option(help: ArgumentHelp("The model whose front end it is.", valueName: "file"))
  var model: String

  @Option(help: ArgumentHelp("NDJSON; - is standard output.", valueName: "file"))
  var output = "-"

  @OptionGroup var inputs: InputOptions
  @OptionGroup var onnx: ONNXOptions
  @OptionGroup var memory: MemoryOptions

  func run() throws {
    try reportingFailures {
      try Session.run(
        ResultOptions(output: output, summary: nil, report: nil), prepare: prepare)
    }
  }

  private func prepare(_ interruption: Interruption) throws -> Session.Plan {
    let lane = LaneSetup(
      framesOf: try LaneFile(
        contentsOf: model, options: ModelOptions(memoryLimit: memory.limit()),
        onnxRuntime: onnx.onnxRuntime
      ).lane(
        name: "features"))
    let journal = RunJournal()
    let source = try inputs.open(
      input, inputs.options(isLive: false), interruption: interruption, warn: journal.warn)
    let options = PipelineOptions(
      channel: try inputs.channelIndex(of: source), journal: journal, warn: StandardError.warn,
      isStopped: { interruption.isRequested })
    let pipeline = try Pipeline(
      source: source, mode: .replay(.max(factor: 1)), lanes: [lane], options: options)
    InputOptions.say(source, pipeline.notes)
    return Session.Plan(inputs: [input, model]) { files in
      let result = pipeline.run(
        files.outputs.map { [OutputSubscriber($0, encoder: .features)] } ?? [])
      return Session.Outcome(
        endsQuietly: result.readerGone && result.subscriberFailures.isEmpty,
        writingFailures: result.subscriberFailures,
        failure: result.sourceFailure.map(CommandFailure.init)
          ?? interruption.ending("before the end of the input; every frame until then was written")
          ?? emptiness(of: result, samplesNeeded: pipeline.samplesNeeded))
    }
  }

  private func emptiness(of result: PipelineResult, samplesNeeded: UInt64) -> CommandFailure? {
    guard result.summary.lanes.allSatisfy({ $0.frames == 0 }) else { return nil }
    return CommandFailure(
      "\(input == "-" ? "standard input" : input): has \(result.summary.input.received) samples, "
        + "expected at least \(samplesNeeded) for one frame", exitCode: 65)
  }
}

extension LaneSetup {
  /// A lane whose outputs are the frames that the weights of another one would get.
  fileprivate init(framesOf lane: LaneSetup) {
    let spliced = lane.model as? SplicedModel
    let frames = Frames(inputSize: (spliced?.model ?? lane.model).inputSize)
    self.init(
      name: lane.name,
      model: spliced.map { SplicedModel(model: frames, splice: $0.splice) } ?? frames,
      frontEnd: lane.frontEnd, labels: (0..<frames.inputSize).map { "\($0)" },
      architecture: "frames", channelNames: lane.channelNames)
  }

  /// A model whose outputs are its frames.
  private struct Frames: StreamingModel {
    let inputSize: Int
    var outputSize: Int { inputSize }

    func makeStreams(count: Int) -> AnyFrameProcessor {
      AnyFrameProcessor(streams: count) { Stream(inputSize: inputSize) }
    }

    struct Stream: ~Copyable, FrameProcessor {
      let inputSize: Int
      var outputSize: Int { inputSize }

      mutating func process(
        _ frames: Span<Float>, into output: inout MutableSpan<Float>
      ) -> Int {
        for index in frames.indices { output[index] = frames[index] }
        return frames.count / inputSize
      }

      mutating func reset(stream: Int, at position: UInt64) {}
    }
  }
}
