/// The order of a reduction along a row: 16 partial sums by index mod 16, ascending, then the tree
/// 8, 4, 2, 1; padding adds +0.
struct PartialSums {
  private var lanes = SIMD16<Float>(repeating: 0)

  @inline(__always)
  mutating func add(_ value: Float, at index: Int) {
    lanes[index & 15] += value
  }

  @inline(__always)
  mutating func addSquare(_ value: Float, at index: Int) {
    lanes[index & 15] = lanes[index & 15].addingProduct(value, value)
  }

  @inline(__always)
  mutating func addProduct(_ a: Float, _ b: Float, at index: Int) {
    lanes[index & 15] = lanes[index & 15].addingProduct(a, b)
  }

  var total: Float {
    let eight = lanes.lowHalf + lanes.highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
  }
}
