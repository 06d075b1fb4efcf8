/// The points of which none is both cheaper and better: lowest cost, highest quality.
///
/// A point is off the front if another one costs no more and is no worse, and is strictly better in
/// one of the two. Points equal in both are on it together. A point without a cost or quality (nil,
/// NaN) is never on it and keeps no other off.
public enum ParetoFront {
  /// Indices of the points on the front, by rising cost, equal ones in the order given. Allocates.
  public static func indices<Point>(
    of points: [Point], cost: (Point) -> Double?, quality: (Point) -> Double?
  ) -> [Int] {
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
    return indices
  }
}
