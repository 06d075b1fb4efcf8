/// What a source has found out about the clock of its samples.
///
/// A recording with time stamps has a clock of its own; a live pipe is judged by the clock of this machine.
public struct SourceClock: Sendable, Equatable {
  /// The grid instant of the first sample on the input's own clock, in ns; nil without stamps.
  public var origin: Int64?
  /// Samples a second that stamps or arrivals show; nil while too few came.
  public var measuredRate: Double?
  /// How far stamps lie from the grid, without sign, in ns; nil without stamps.
  public var jitter: Jitter?
  /// Where the input's clock stood still.
  public var pauses: [Pause] = []

  /// Percentiles of a distance; nil where too few samples support them.
  public struct Jitter: Sendable, Equatable {
    public var p50: Int64?
    public var p99: Int64?

    public init(p50: Int64?, p99: Int64?) {
      self.p50 = p50
      self.p99 = p99
    }
  }

  /// A stretch in which a live source delivered nothing and lost nothing.
  public struct Pause: Sendable, Equatable {
    /// Of the first sample after it, at the source's rate.
    public var position: UInt64
    /// In ns.
    public var length: Int64

    public init(position: UInt64, length: Int64) {
      self.position = position
      self.length = length
    }
  }

  public init(origin: Int64? = nil, measuredRate: Double? = nil, jitter: Jitter? = nil) {
    self.origin = origin
    self.measuredRate = measuredRate
    self.jitter = jitter
  }
}

/// A sample's place on the input's own clock.
public struct GridPoint: Sendable, Equatable, BitwiseCopyable {
  /// The instant of the sample, in ns on the clock of the stamps.
  public var time: Int64
  /// From one sample to the next, in ns.
  public var period: Double

  public init(time: Int64, period: Double) {
    self.time = time
    self.period = period
  }

  /// The place of the sample so many later, or earlier.
  public func moved(by samples: Int64) -> GridPoint {
    GridPoint(time: time + Int64((Double(samples) * period).rounded()), period: period)
  }

  /// An instant in seconds: the Double nearest to it.
  public static func seconds(_ time: Int64) -> Double {
    // A quotient of two exact numbers is the nearest one; beyond 2^53 ns the fraction is the small part.
    if time.magnitude < 1 << 53 { return Double(time) / 1e9 }
    let (whole, rest) = time.quotientAndRemainder(dividingBy: 1_000_000_000)
    return Double(whole) + Double(rest) / 1e9
  }
}

/// Lines that did not hold a sample, and what was made of them.
public struct BadLines: Sendable, Equatable {
  /// Lines that became lost samples, or that another line had said already.
  public var skipped: UInt64 = 0
  /// Lines in whose place the sample before them was repeated.
  public var held: UInt64 = 0

  public init(skipped: UInt64 = 0, held: UInt64 = 0) {
    self.skipped = skipped
    self.held = held
  }
}
