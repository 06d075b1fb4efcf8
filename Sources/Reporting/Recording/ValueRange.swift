/// The lowest and the highest of some values; what is not a number is left out.
struct ValueRange: Mergeable, Equatable {
  private(set) var low = Float.infinity
  private(set) var high = -Float.infinity

  static let empty = ValueRange()

  init() {}

  init(_ value: Float) {
    guard value.isFinite else { return }
    low = value
    high = value
  }

  var isEmpty: Bool { low > high }

  mutating func merge(_ other: ValueRange) {
    if other.low < low { low = other.low }
    if other.high > high { high = other.high }
  }
}
