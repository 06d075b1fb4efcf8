/// Where the level of a row of residuals changes.
struct LevelChange {
  /// The first residual behind the change.
  var index: Int
  /// The height of a step; of a bend, the slope a sample.
  var amount: Double
  /// The level at the end.
  var level: Double
  /// The sum of squares that it leaves unexplained.
  var error: Double

  /// Two levels, the second one over `count` residuals at least.
  static func step(_ values: [Double], after count: Int) -> LevelChange {
    best(values, after: count) { before, rest in
      let level = rest.reduce(0, +) / Double(rest.count)
      let error = rest.reduce(0) { $0 + ($1 - level) * ($1 - level) }
      return (level - before, level, error)
    }
  }

  /// A level, then a line that leaves it over `count` residuals at least.
  static func bend(_ values: [Double], after count: Int) -> LevelChange {
    best(values, after: count) { before, rest in
      var product = 0.0
      var square = 0.0
      for (index, value) in rest.enumerated() {
        product += Double(index + 1) * (value - before)
        square += Double(index + 1) * Double(index + 1)
      }
      let slope = product / square
      var error = 0.0
      for (index, value) in rest.enumerated() {
        let left = value - before - slope * Double(index + 1)
        error += left * left
      }
      return (slope, before + slope * Double(rest.count), error)
    }
  }

  /// The index behind the highest step up between neighbours, 1 for a single one.
  static func highestStep(_ values: [Double]) -> Int {
    var highest = 1
    for index in values.indices.dropFirst() {
      let step = values[index] - values[index - 1]
      if step > values[highest] - values[highest - 1] { highest = index }
    }
    return highest
  }

  /// How much the second half of some residuals lies above the first; 0 for one.
  static func rise(_ values: ArraySlice<Double>) -> Double {
    guard values.count > 1 else { return 0 }
    let half = values.count / 2
    let before = values.prefix(half).reduce(0, +) / Double(half)
    return values.dropFirst(half).reduce(0, +) / Double(values.count - half) - before
  }

  private static func best(
    _ values: [Double], after count: Int,
    _ fit: (_ before: Double, _ rest: ArraySlice<Double>) -> (Double, Double, Double)
  ) -> LevelChange {
    var best = LevelChange(index: 0, amount: 0, level: 0, error: .infinity)
    for index in 0...max(0, values.count - count) {
      let head = values[..<index]
      let before = head.isEmpty ? 0 : head.reduce(0, +) / Double(head.count)
      let (amount, level, left) = fit(before, values[index...])
      let error = left + head.reduce(0) { $0 + ($1 - before) * ($1 - before) }
      if error < best.error {
        best = LevelChange(index: index, amount: amount, level: level, error: error)
      }
    }
    return best
  }
}
