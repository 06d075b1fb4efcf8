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

  /// Nanoseconds from the start of the run to the arrival of the sample at `position`.
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
