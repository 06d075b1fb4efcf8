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
    load = Self.median(runs.map(\.load))
    algorithmicLatency = first.algorithmicLatency
    signalDelay = first.signalDelay
    stateBytes = first.stateBytes
    weightBytes = first.weightBytes
    macsPerFrame = first.macsPerFrame
  }

  private static func median(_ runs: [Double?]) -> Estimate? {
    let values = runs.compactMap { $0 }.sorted()
    guard values.count == runs.count, let low = values.first, let high = values.last else {
      return nil
    }
    let median = values[Quantile.p50.rank(among: values.count) - 1]
    return values.count > 1
      ? Estimate(value: median, low: low, high: high) : Estimate(value: median)
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
