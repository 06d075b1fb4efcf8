/// How fast a recording's samples arrive.
public enum Pace: Sendable, Equatable {
  /// As fast as the machine computes; arrivals are virtual, this many times faster than the recording.
  case max(factor: Double)
  /// On an absolute schedule in real time, this many times faster than the recording.
  case realtime(factor: Double)

  /// How many times faster than the recording samples arrive.
  public var factor: Double {
    switch self {
    case .max(let factor), .realtime(let factor): factor
    }
  }
}
