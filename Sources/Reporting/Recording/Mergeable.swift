/// What a bucket of a series holds: it takes in its neighbour's contents and keeps the extremes.
protocol Mergeable {
  static var empty: Self { get }
  var isEmpty: Bool { get }
  mutating func merge(_ other: Self)
}
