import LatencyLog
import StreamCore

/// What a controlled load drives: a model with its front end, and what is to be said of it.
struct LoadModel {
  var name: String
  var architecture: String
  var precision: String
  /// Of keys and values; nil where there are none.
  var kv: String?
  /// Nanoseconds; nil for the algorithmic latency plus one frame period.
  var deadline: Int64?
  var frontEnd: FrontEnd
  var inputSize: Int
  var outputSize: Int
  var chunkSize: Int
  /// Frames after which a call costs what it will always cost.
  var settlingFrames: Int
  /// Of one stream.
  var stateBytes: Int
  var weightBytes: Int
  var macsPerFrame: Int
  /// State for so many streams that advance together.
  var makeStreams: (Int) -> AnyFrameProcessor

  /// What the summary says of the lane at a frame rate in Hz.
  func description(frameRate: Double, warmUpFrames: Int) -> LaneDescription {
    let period = 1e9 / frameRate
    let latency = Int64((Double(chunkSize - 1) * period).rounded())
    let speed = frameRate / ownFrameRate
    return LaneDescription(
      name: name, architecture: architecture, precision: precision, kv: kv,
      deadline: deadline ?? latency + Int64(period.rounded()), framePeriod: period,
      chunkSize: chunkSize, warmUpFrames: warmUpFrames, algorithmicLatency: latency,
      signalDelay: Int64(
        (Double(frontEnd.window) * 1e9 / Double(frontEnd.sampleRate) / speed).rounded()),
      stateBytes: stateBytes, weightBytes: weightBytes, macsPerFrame: macsPerFrame)
  }

  /// Frames a second that the front end makes of its sample rate.
  var ownFrameRate: Double { Double(frontEnd.sampleRate) / Double(frontEnd.hop) }

  /// Frames that percentiles leave out: as in every run, and until the window of attention is full.
  var warmUpFrames: Int { max(100, 2 * chunkSize, settlingFrames) }
}

extension LoadModel {
  init(_ setup: LaneSetup) {
    let model = setup.file.model
    var settlingFrames = 0
    if case .streamingTransformer(let transformer) = model {
      settlingFrames = transformer.configuration.leftContext + transformer.configuration.chunkSize
    }
    self.init(
      name: setup.name, architecture: setup.file.architecture,
      precision: setup.file.precision.rawValue, kv: setup.file.kvPrecision?.rawValue,
      deadline: setup.deadline, frontEnd: setup.file.frontEnd, inputSize: model.inputSize,
      outputSize: model.outputSize, chunkSize: model.chunkSize, settlingFrames: settlingFrames,
      stateBytes: model.stateBytes(), weightBytes: model.weightBytes,
      macsPerFrame: model.multiplyAddsPerFrame, makeStreams: { model.makeStreams(count: $0) })
  }
}
