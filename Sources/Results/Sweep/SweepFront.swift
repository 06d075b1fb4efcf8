import PlainText

/// The two figures that the front of a sweep is drawn in.
public struct SweepFront: Sendable, Equatable {
  /// The percentile of the response time, lower is better: the highest one that all points support.
  public enum Latency: String, Sendable, Equatable, CaseIterable {
    case p99 = "response.p99"
    case p90 = "response.p90"
    case p50 = "response.p50"

    /// A point's figure.
    public func figure(of point: SweepPoint) -> DurationEstimate? {
      switch self {
      case .p99: point.response.p99
      case .p90: point.response.p90
      case .p50: point.response.p50
      }
    }
  }

  /// What is held against it.
  public enum Merit: String, Sendable, Equatable {
    /// Of models of one output.
    case auc = "quality.auc"
    /// Of models of several.
    case accuracy = "quality.accuracy"
    /// Without labels; lower is better.
    case load = "load"

    /// A point's figure.
    public func figure(of point: SweepPoint) -> Estimate? {
      switch self {
      case .auc: point.quality?.auc
      case .accuracy: point.quality?.accuracy
      case .load: point.load
      }
    }

    /// Whether more is better.
    public var isBetterHigher: Bool { self != .load }
  }

  public var latency: Latency
  public var merit: Merit

  public init(latency: Latency, merit: Merit) {
    self.latency = latency
    self.merit = merit
  }

  /// The figures that all points have; nil where there is no such percentile or merit.
  public init?(of points: [SweepPoint]) {
    func isKnown(_ latency: Latency) -> Bool {
      points.allSatisfy { latency.figure(of: $0) != nil }
    }
    let isJudged = points.contains { $0.quality != nil }
    let isBinary = points.allSatisfy { $0.quality?.kind == .binary }
    let merit: Merit = isJudged ? (isBinary ? .auc : .accuracy) : .load
    guard let latency = Latency.allCases.first(where: isKnown),
      points.allSatisfy({ merit.figure(of: $0) != nil })
    else { return nil }
    self.init(latency: latency, merit: merit)
  }

  var json: JSONValue {
    .object([("latency", .string(latency.rawValue)), ("merit", .string(merit.rawValue))])
  }
}
