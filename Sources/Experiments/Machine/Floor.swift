import StreamCore

/// The shortest time that a call can take on this machine: reading its bytes or doing its
/// operations,
/// whichever is longer.
package struct Floor: Equatable {
  package enum Rule: String {
    case bytes
    case operations
  }

  package let nanoseconds: Double
  package let rule: Rule

  /// A measured time this much below its floor shows that the floor is wrong.
  package static let leastRatio = 0.97

  /// Whether a call that was measured to take so many nanoseconds shows that the floor is wrong.
  package func isWrong(for nanoseconds: Double) -> Bool {
    nanoseconds < Self.leastRatio * self.nanoseconds
  }

  /// `bandwidth` in bytes, the peaks in operations per nanosecond.
  package init(_ demand: CallDemand, bandwidth: Double, floatPeak: Double, weightPeak: Double) {
    let reading = Double(demand.bytes) / bandwidth
    let computing =
      Double(demand.floatOperations) / floatPeak + Double(demand.weightOperations) / weightPeak
    nanoseconds = max(reading, computing)
    rule = reading >= computing ? .bytes : .operations
  }

  /// Of a call on the core that was measured.
  package init(_ demand: CallDemand, precision: Precision, _ limits: MachineLimits) {
    self.init(
      demand, bandwidth: limits.bandwidth(at: demand.bytes), floatPeak: limits.peak(.f32),
      weightPeak: limits.peak(precision))
  }
}
