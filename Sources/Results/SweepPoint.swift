import LatencyLog
import PlainText

/// One point of a sweep, in figures: how good, how late, how dear. Times are integer nanoseconds in the
/// schedule's time; nil where the sample does not support a figure.
public struct SweepPoint: Sendable, Equatable {
  public var setting: SweepSetting
  /// The first run, which was judged where there are labels. What its lane is and how many frames it had
  /// is the same in all runs.
  public var firstRun: LaneSummary
  public var response: RepeatedFigures
  public var service: RepeatedFigures
  /// The runs' medians, figure by figure, as a lane's: what requirements are held against.
  public var medians: LaneSummary
  /// All computing time over frames x period: the runs' median between the lowest and the highest.
  public var load: Estimate?
  /// Where it stands; nil where a figure of the front is missing.
  public var standing: FrontStanding?

  /// The figures of a point from its runs, one at least, of which the first was judged. Allocates.
  public init(_ setting: SweepSetting, runs: [LaneSummary]) {
    precondition(!runs.isEmpty, "a point was run")
    self.setting = setting
    firstRun = runs[0]
    medians = LaneSummary(mediansOf: runs)
    response = RepeatedFigures(runs.map(\.response))
    service = RepeatedFigures(runs.map(\.service))
    load = Estimate(medianOf: runs.map(\.load))
  }

  /// What passes until an answer is there, by the middle of all: of tokens from their true end (which may be
  /// negative), else from the begin of what a frame hears; nil where the sample does not support it.
  public var wholeDelay: DurationEstimate? {
    guard let tokens = firstRun.tokens else {
      return response.p50.map { response in response.map { $0 + firstRun.signalDelay } }
    }
    return tokens.feltDelay.p50.map { DurationEstimate(value: $0) }
  }

  var json: JSONValue {
    .object([
      ("name", .string(setting.name)),
      ("model", .string(setting.model)),
      ("path", .string(setting.path)),
      ("sha256", .text(firstRun.model?.sha256)),
      ("architecture", .string(firstRun.architecture)),
      ("chunk", .integer(setting.chunkSize)),
      ("left_context", .integer(setting.leftContext)),
      ("precision", .string(setting.precision)),
      ("kv", .text(firstRun.kv)),
      ("parameters", .integer(setting.parameters)),
      ("frames", .integer(firstRun.frames)),
      ("deadline_ns", .integer(firstRun.deadline)),
      ("misses", medians.misses.json),
      ("front", .text(standing?.rawValue)),
      ("whole_delay_ns", DurationEstimate.json(wholeDelay)),
      ("response", response.json),
      ("service", service.json),
      ("load", Estimate.json(load)),
      ("algorithmic_latency_ns", .integer(firstRun.algorithmicLatency)),
      ("signal_delay_ns", .integer(firstRun.signalDelay)),
      ("state_bytes", .integer(firstRun.stateBytes)),
      ("weight_bytes", .integer(firstRun.weightBytes)),
      ("macs_per_frame", .integer(firstRun.macsPerFrame)),
      ("quality", firstRun.quality?.json ?? .null),
      ("tokens", firstRun.tokens?.json ?? .null),
    ])
  }
}

/// What a point of a sweep is made of: a model, and how it runs.
public struct SweepSetting: Sendable, Equatable {
  /// The model's name, the same for all its points.
  public var model: String
  /// Its file, as it was given.
  public var path: String
  /// Frames a call; nil for an architecture without chunks, as `leftContext`.
  public var chunkSize: Int?
  /// Frames before the chunk that attention sees.
  public var leftContext: Int?
  /// Of the weights in the kernels.
  public var precision: String
  /// Values in the model's tensors.
  public var parameters: Int

  public init(
    model: String, path: String, chunkSize: Int?, leftContext: Int?, precision: String,
    parameters: Int
  ) {
    self.model = model
    self.path = path
    self.chunkSize = chunkSize
    self.leftContext = leftContext
    self.precision = precision
    self.parameters = parameters
  }

  /// The point's name, in the words of `--model`: `speech-transformer,chunk=4,left-context=128,precision=f32`.
  public var name: String {
    var parts = [model]
    if let chunkSize { parts.append("chunk=\(chunkSize)") }
    if let leftContext { parts.append("left-context=\(leftContext)") }
    parts.append("precision=\(precision)")
    return parts.joined(separator: ",")
  }

  /// Whether nothing but the chunk tells two points apart.
  func differsInChunkOnly(from other: SweepSetting) -> Bool {
    var same = other
    same.chunkSize = chunkSize
    return same == self && other.chunkSize != chunkSize
  }
}
