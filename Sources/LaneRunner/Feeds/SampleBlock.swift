import StreamIO

/// A stretch of samples, or of lost ones, on its way from the source to a lane.
package struct SampleBlock: BitwiseCopyable {
  package enum Kind: BitwiseCopyable {
    case samples
    /// Samples that the source lost.
    case gap
    /// Samples that this lane alone lost, because it was too far behind. Gaps among them are lost twice.
    case overrun
    /// A snapshot is due: the lane saves its state.
    case mark
    /// The run stops here, and the input has not ended.
    case stop
    /// The input ended; `newest` is when.
    case end
  }

  package var kind: Kind
  /// Position of the first sample, at the source's rate.
  package var position: UInt64
  package var count: Int
  /// Samples of it that the source received and the lane did not: those of an overrun without its gaps.
  package var received = 0
  /// Arrival of the last sample, nanoseconds since the start of the run.
  package var newest: Int64
  /// No sample of the block arrived before this: the arrival of the sample before it.
  package var earliest: Int64
  /// When a live source's read brought it, nanoseconds since the start of the run; nil of any other block.
  var read: Int64?
  /// The pace at which its samples came: they are back-dated from the newest one by it.
  package var schedule: ArrivalSchedule
  /// Where its last sample lies on the clock of the input's stamps; nil without stamps.
  package var point: GridPoint?

  /// Arrival of one of its samples.
  func arrival(of sample: UInt64) -> Int64 {
    let last = position + UInt64(count) - 1
    let back = schedule.arrival(of: last) - schedule.arrival(of: sample)
    return max(earliest, newest - back)
  }

  /// Where one of its samples lies on the clock of the input's stamps; nil without stamps.
  func point(of sample: UInt64) -> GridPoint? {
    point?.moved(by: Int64(sample) - Int64(position) - Int64(count) + 1)
  }

  /// The word that nothing more comes.
  static func end(at instant: Int64) -> SampleBlock { word(.end, at: instant) }

  /// A word from the reader to the lanes, behind the samples so far.
  static func word(_ kind: Kind, at instant: Int64 = 0) -> SampleBlock {
    SampleBlock(
      kind: kind, position: 0, count: 0, newest: instant, earliest: 0,
      schedule: ArrivalSchedule(sampleRate: 1))
  }
}

/// When each sample of a recording arrives: sample p at (p + 1) / (rate * factor) after the start.
public struct ArrivalSchedule: Sendable, Equatable, BitwiseCopyable {
  /// Samples per second of the source.
  public let sampleRate: Int
  /// How many times faster than its own pace the recording runs.
  public let factor: Double

  public init(sampleRate: Int, factor: Double = 1) {
    self.sampleRate = sampleRate
    self.factor = factor
  }

  /// The latest instant that is scheduled, nanoseconds: 73 years. Sums of a few stay far from overflow.
  static let latest = Int64.max / 4

  /// Whether the sample at `position` arrives by the latest instant that can be scheduled.
  func reaches(_ position: UInt64) -> Bool {
    (Double(position) + 1) * 1e9 / (Double(sampleRate) * factor) < Double(Self.latest)
  }

  /// Nanoseconds from the start of the run to the arrival of the sample at `position`, which the
  /// schedule reaches.
  public func arrival(of position: UInt64) -> Int64 {
    let rate = UInt64(sampleRate)
    if factor == 1 {
      // Whole seconds and the rest apart: exact, and far from overflow.
      let (seconds, rest) = (position + 1).quotientAndRemainder(dividingBy: rate)
      return Int64(seconds * 1_000_000_000 + (rest * 1_000_000_000 + rate / 2) / rate)
    }
    return Int64((Double(position + 1) * 1e9 / (Double(rate) * factor)).rounded())
  }
}
