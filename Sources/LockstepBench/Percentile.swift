/// A nearest-rank percentile that is nil where the sample is too small to speak of it.
struct Percentile {
  /// The share in thousandths.
  let thousandths: Int

  static let p50 = Percentile(thousandths: 500)
  static let p99 = Percentile(thousandths: 990)
  static let p999 = Percentile(thousandths: 999)

  /// The fewest values that support it, 10 / (1 - q).
  var samplesNeeded: Int { 10_000 / (1000 - thousandths) }

  /// Of ascending values.
  func of<Value>(sorted values: [Value]) -> Value? {
    guard values.count >= samplesNeeded else { return nil }
    return values[(values.count * thousandths + 999) / 1000 - 1]
  }
}
