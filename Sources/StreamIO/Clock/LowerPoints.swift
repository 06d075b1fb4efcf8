/// The earliest observations of a stretch: the lowest point of each bucket, and a line's slope through them.
///
/// A point is how late something was (`y`) that was due at an instant of the input's own clock (`x`), both
/// in ns. Storage is allocated by `init`.
struct LowerPoints: Sendable {
  struct Point: Sendable, Equatable, BitwiseCopyable {
    var x: Int64
    var y: Int64
  }

  /// What is given up where there is no room, or no need, for more.
  enum Memory: Sendable {
    /// All but the last so many ns, and eight points in any case.
    case latest(Int64)
    /// Nothing: two buckets become one of twice the width.
    case whole
  }

  /// In the order of their buckets; the last one's bucket is still open.
  private(set) var points: [Point] = []
  private let memory: Memory
  private var width: Int64
  /// Slopes in order, while a median is looked for.
  private var slopes: [Double]

  /// Buckets at most.
  static let capacity = 64
  /// Points that are kept, however old.
  private static let fewest = 8

  /// - Parameter width: of a bucket, in ns; of the whole memory, of the first ones.
  init(_ memory: Memory, width: Int64) {
    self.memory = memory
    self.width = width
    points.reserveCapacity(Self.capacity)
    slopes = [Double](repeating: 0, count: Self.capacity / 2)
  }

  /// From the first point to the last, in ns of the input's own clock.
  var span: Int64 {
    guard let first = points.first, let last = points.last else { return 0 }
    return last.x - first.x
  }

  /// Takes a point; true where it began a bucket. One that is older than the last is left out. Does not
  /// allocate.
  mutating func add(_ point: Point) -> Bool {
    if let last = points.last, bucket(of: point) <= bucket(of: last) {
      if point.y < last.y, point.x >= last.x { points[points.count - 1] = point }
      return false
    }
    makeRoom(for: point)
    points.append(point)
    return true
  }

  private func bucket(of point: Point) -> Int64 { point.x / width }

  private mutating func makeRoom(for point: Point) {
    switch memory {
    case .latest(let length):
      while points.count == Self.capacity
        || points.count >= Self.fewest && points[0].x < point.x - length
      {
        points.removeFirst()
      }
    case .whole:
      while points.count == Self.capacity { mergeBuckets() }
    }
  }

  private mutating func mergeBuckets() {
    width *= 2
    var count = 0
    // By index: a loop over the array itself would copy it at the first change.
    for index in points.indices {
      let point = points[index]
      if count > 0, bucket(of: point) == bucket(of: points[count - 1]) {
        if point.y < points[count - 1].y { points[count - 1] = point }
      } else {
        points[count] = point
        count += 1
      }
    }
    points.removeLast(points.count - count)
  }

  /// How fast `y` grows with `x`, and how much the pairs of points disagree about it.
  struct Slope: Equatable {
    var value: Double
    /// Half the distance between the quartiles.
    var doubt: Double
  }

  /// The median slope of the pairs that lie half of these points apart (after Theil); nil for under four.
  /// Does not allocate.
  mutating func slope(of part: Range<Int>? = nil) -> Slope? {
    let part = part ?? points.indices
    guard part.count >= 4 else { return nil }
    let distance = part.count / 2
    let count = part.count - distance
    for index in 0..<min(count, slopes.count) {
      let first = points[part.lowerBound + index]
      let second = points[part.lowerBound + index + distance]
      let slope = Double(second.y - first.y) / Double(second.x - first.x)
      var place = index
      while place > 0, slopes[place - 1] > slope {
        slopes[place] = slopes[place - 1]
        place -= 1
      }
      slopes[place] = slope
    }
    return Slope(
      value: slopes[(count - 1) / 2],
      doubt: (slopes[count * 3 / 4] - slopes[count / 4]) / 2)
  }
}
