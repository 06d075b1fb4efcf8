import StreamCore

/// The shortest time that a call can take on this machine: reading its bytes or doing its operations,
/// whichever is longer.
struct Floor: Equatable {
  enum Rule: String {
    case bytes
    case operations
  }

  let nanoseconds: Double
  let rule: Rule

  /// A measured time this much below its floor shows that the floor is wrong.
  static let leastRatio = 0.97

  /// Whether a call that was measured to take so many nanoseconds shows that the floor is wrong.
  func isWrong(for nanoseconds: Double) -> Bool {
    nanoseconds < Self.leastRatio * self.nanoseconds
  }

  /// `bandwidth` in bytes, the peaks in operations per nanosecond.
  init(_ demand: CallDemand, bandwidth: Double, floatPeak: Double, weightPeak: Double) {
    let reading = Double(demand.bytes) / bandwidth
    let computing =
      Double(demand.floatOperations) / floatPeak + Double(demand.weightOperations) / weightPeak
    nanoseconds = max(reading, computing)
    rule = reading >= computing ? .bytes : .operations
  }
}
