import LatencyLog
import ModelFiles
import StreamCore
import StreamIO

/// What a lane is to be: a model with its front end, and what a report says of them.
///
/// The model may be anybody's: a type outside of this package that is a `StreamingModel` is a lane like
/// those of a model file.
public struct LaneSetup: Sendable {
  /// Unique among the lanes of a run.
  public var name: String
  public var model: any StreamingModel
  public var frontEnd: any FrontEnd
  /// A name for each of the front end's channels, by which a text input's columns are found; nil takes
  /// them in order.
  public var channelNames: [String]?
  /// A name for each output, `[outputSize]`.
  public var labels: [String]
  /// How outputs are read as tokens; nil where they are none.
  public var tokens: CTCOptions?
  /// Whether outputs are samples at the front end's rate, those of frame t from sample t * hop on.
  public var givesSamples = false
  /// What the summary says: the model file's words for a model of a file.
  public var architecture: String
  /// Of the weights.
  public var precision: String
  /// Of keys and values; nil where there are none.
  public var kv: String?
  /// The model's file; nil for a model that came from none.
  public var origin: LaneDescription.ModelOrigin?
  /// Nanoseconds; nil for the lane's algorithmic latency plus one frame period.
  public var deadline: Int64?
  /// How much of the stream lies between two beginnings of the lane's twin, in nanoseconds; nil for
  /// a lane without one.
  public var twinPeriod: Int64?

  public init(
    name: String, model: any StreamingModel, frontEnd: any FrontEnd, labels: [String],
    architecture: String, channelNames: [String]? = nil,
    precision: String = "f32", kv: String? = nil, deadline: Int64? = nil
  ) {
    precondition(
      channelNames.map { $0.count == frontEnd.channels } ?? true, "a name for each channel")
    self.name = name
    self.model = model
    self.frontEnd = frontEnd
    self.channelNames = channelNames
    self.labels = labels
    self.architecture = architecture
    self.precision = precision
    self.kv = kv
    self.deadline = deadline
  }

  public init(name: String, file: ModelFile, deadline: Int64? = nil) {
    self.init(
      name: name, model: file.model, frontEnd: file.frontEnd, labels: file.labels,
      architecture: file.architecture, channelNames: file.channelNames,
      precision: file.precision.rawValue,
      kv: file.kvPrecision?.rawValue, deadline: deadline)
    tokens = file.tokens.map { CTCOptions(blank: $0.blank) }
    origin = LaneDescription.ModelOrigin(path: file.path, sha256: file.sha256)
  }

  /// Whether the model knows chunks, of one frame or more.
  private var hasChunks: Bool { model.chunkSize > 1 || model.leftContext != nil }

  /// Frames a second that the front end makes at its own sample rate.
  package var frameRate: Double { Double(frontEnd.sampleRate) / Double(frontEnd.hop) }
}

extension LaneSetup {
  /// Where the lane's frames lie in a source of that rate; throws `badData` where they cannot. `resampler`
  /// is one from that rate to the model's that is there already.
  func grid(
    sourceRate: Int, resampler: Resampler? = nil
  ) throws(SourceError) -> FrameGrid {
    var filter = resampler
    if filter == nil { filter = try self.resampler(from: sourceRate) }
    return FrameGrid(
      frontEnd: frontEnd, chunkSize: model.chunkSize, sourceRate: sourceRate, resampler: filter)
  }

  /// What turns the source's channels into the model's; throws `badData` where they do not fit.
  func mixer(inputChannels: Int, channel: Int?) throws(SourceError) -> ChannelMixer {
    guard
      let mixer = ChannelMixer(
        inputChannels: inputChannels, outputChannels: frontEnd.channels, channel: channel)
    else {
      throw ChannelMixer.refusal(
        of: inputChannels, channel: channel, lane: name, expecting: frontEnd.channels)
    }
    return mixer
  }

  /// How many samples a second a source has for this lane.
  ///
  /// Stamps within 1 % of the model's rate are those of a clock that drifts, not of another rate.
  ///
  /// - Parameters:
  ///   - sourceRate: what the source says; nil takes the model's.
  ///   - stampedRate: what its stamps show, where nobody told the rate.
  func rate(of sourceRate: Int?, stampedRate: Double?) -> Int {
    let rate = frontEnd.sampleRate
    if let stampedRate, abs(stampedRate - Double(rate)) <= 0.01 * Double(rate) { return rate }
    return sourceRate ?? rate
  }

  /// What brings every channel to the model's rate; nil where it has it already. Throws `badData` for a
  /// ratio that no filter can be made for.
  func resampler(from sourceRate: Int) throws(SourceError) -> Resampler? {
    let rate = frontEnd.sampleRate
    guard sourceRate != rate else { return nil }
    do throws(ConfigurationError) {
      return try Resampler(from: sourceRate, to: rate)
    } catch {
      throw SourceError(
        .badData,
        "the input has \(sourceRate) samples a second, which cannot be brought to the \(rate) of "
          + "lane \(name): \(error)")
    }
  }

  /// How many seconds of frames may come at once: those of a chunk, and of the resampler's look-ahead
  /// at the end.
  func longestWait(_ grid: FrameGrid) -> Double {
    Double(model.algorithmicLatency) * grid.framePeriod / 1e9 + 2 * grid.signalDelaySeconds + 1
  }

  /// What reads the tokens of a lane of this; nil where it gives none.
  func tokenLane(of lane: Lane) -> TokenLane? {
    tokens.map {
      TokenLane(
        lane: lane.index, options: $0, frontEnd: frontEnd, outputCount: model.outputSize,
        lookAhead: lane.description.resampling?.lookAhead ?? 0)
    }
  }

  /// What is known of the lane before its first frame. `factor` is how many times faster than their own
  /// pace frames come.
  func description(
    _ grid: FrameGrid, factor: Double, warmUpFrames: Int? = nil
  ) -> LaneDescription {
    let period = grid.framePeriod / factor
    let latency = Int64((Double(model.algorithmicLatency) * period).rounded())
    return LaneDescription(
      name: name, architecture: architecture, precision: precision, kv: kv,
      model: origin, deadline: deadline ?? latency + Int64(period.rounded()), framePeriod: period,
      modelRate: grid.sampleRate,
      resampling: grid.resampler.map {
        LaneDescription.Resampling(
          sourceRate: $0.sourceRate, taps: $0.tapCount,
          delay: Int64(($0.groupDelaySeconds * 1e9 / factor).rounded()))
      },
      chunkSize: hasChunks ? model.chunkSize : nil, leftContext: model.leftContext,
      beam: tokens?.beam, warmUpFrames: warmUpFrames, algorithmicLatency: latency,
      signalDelay: Int64((grid.signalDelaySeconds * 1e9 / factor).rounded()),
      stateBytes: model.stateBytes(), weightBytes: model.weightBytes,
      macsPerFrame: model.multiplyAddsPerFrame)
  }
}
