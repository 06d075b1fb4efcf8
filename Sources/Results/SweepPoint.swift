import LatencyLog
import PlainText

/// One point of a sweep, in figures: how good, how late, how dear. Times are integer nanoseconds in the
/// schedule's time; nil where the sample does not support a figure.
public struct SweepPoint: Sendable, Equatable {
  public var setting: SweepSetting
  public var architecture: String
  /// Of one run, warm-up included.
  public var frames: Int
  /// Nil without labels.
  public var quality: QualitySummary?
  public var response: RepeatedFigures
  public var service: RepeatedFigures
  /// All computing time over frames x period: the runs' median between the lowest and the highest.
  public var load: Estimate?
  public var algorithmicLatency: Int64
  public var signalDelay: Int64
  public var stateBytes: Int
  public var weightBytes: Int
  public var macsPerFrame: Int
  /// Where it stands; nil where a figure of the front is missing.
  public var standing: FrontStanding?

  /// The figures of a point from its runs, one at least, of which the first was judged. Allocates.
  public init(_ setting: SweepSetting, runs: [LaneSummary]) {
    precondition(!runs.isEmpty, "a point was run")
    let first = runs[0]
    self.setting = setting
    architecture = first.architecture
    frames = first.frames
    quality = first.quality
    response = RepeatedFigures(runs.map(\.response))
    service = RepeatedFigures(runs.map(\.service))
    load = Estimate(medianOf: runs.map(\.load))
    algorithmicLatency = first.algorithmicLatency
    signalDelay = first.signalDelay
    stateBytes = first.stateBytes
    weightBytes = first.weightBytes
    macsPerFrame = first.macsPerFrame
  }

  var json: JSONValue {
    .object([
      ("name", .string(setting.name)),
      ("model", .string(setting.model)),
      ("path", .string(setting.path)),
      ("architecture", .string(architecture)),
      ("chunk", setting.chunkSize.map { .integer($0) } ?? .null),
      ("left_context", setting.leftContext.map { .integer($0) } ?? .null),
      ("precision", .string(setting.precision)),
      ("parameters", .integer(setting.parameters)),
      ("frames", .integer(frames)),
      ("front", .text(standing?.rawValue)),
      ("response", response.json),
      ("service", service.json),
      ("load", Estimate.json(load)),
      ("algorithmic_latency_ns", .integer(algorithmicLatency)),
      ("signal_delay_ns", .integer(signalDelay)),
      ("state_bytes", .integer(stateBytes)),
      ("weight_bytes", .integer(weightBytes)),
      ("macs_per_frame", .integer(macsPerFrame)),
      ("quality", quality?.json ?? .null),
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
