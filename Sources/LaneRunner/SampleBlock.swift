/// A run of samples, or of lost ones, on its way from the source to a lane.
struct SampleBlock: BitwiseCopyable {
  enum Kind: BitwiseCopyable {
    case samples
    /// Samples that the source lost.
    case gap
    /// Samples that this lane alone lost, because it was too far behind.
    case overrun
    /// The input ended; `newest` is when.
    case end
  }

  var kind: Kind
  /// Position of the first sample, at the source's rate.
  var position: UInt64
  var count: Int
  /// Arrival of the last sample, nanoseconds since the start of the run.
  var newest: Int64
  /// No sample of the block arrived before this: the arrival of the sample before it.
  var earliest: Int64
  /// The pace at which its samples came: they are back-dated from the newest one by it.
  var schedule: ArrivalSchedule

  /// Arrival of one of its samples.
  func arrival(of sample: UInt64) -> Int64 {
    let last = position + UInt64(count) - 1
    let back = schedule.arrival(of: last) - schedule.arrival(of: sample)
    return max(earliest, newest - back)
  }
}
