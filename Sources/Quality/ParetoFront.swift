/// The points of which none is both cheaper and better: lowest cost, highest quality.
///
/// A point is off the front if another one costs no more and is no worse, and is strictly better in
/// one of the two. Points equal in both are on it together. A point without a cost or quality (nil,
/// NaN) is never on it and keeps no other off.
public struct ParetoFront: Sendable, Equatable {
  /// Indices of the points on the front, by rising cost, equal ones in the order given.
  public let indices: [Int]

  /// The front of any points, by their cost and quality. Allocates.
  public init<Point>(
    of points: [Point], cost: (Point) -> Double?, quality: (Point) -> Double?
  ) {
    var known: [(index: Int, cost: Double, quality: Double)] = []
    for (index, point) in points.enumerated() {
      guard let cost = cost(point), let quality = quality(point), !cost.isNaN, !quality.isNaN
      else { continue }
      known.append((index, cost, quality))
    }
    known.sort { one, other in
      if one.cost != other.cost { return one.cost < other.cost }
      if one.quality != other.quality { return one.quality > other.quality }
      return one.index < other.index
    }
    var indices: [Int] = []
    var best: (cost: Double, quality: Double)?
    for point in known {
      if let best, point.quality < best.quality { continue }
      if let best, point.quality == best.quality, point.cost != best.cost { continue }
      best = (point.cost, point.quality)
      indices.append(point.index)
    }
    self.indices = indices
  }

  /// Whether the point of this index is on the front.
  public func contains(_ index: Int) -> Bool {
    indices.contains(index)
  }
}
