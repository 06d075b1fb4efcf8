import LatencyLog
import Results

extension PairedDifference {
  /// What a bootstrap over stretches of pairs says of two runs; nil without a pair.
  ///
  /// Frames near each other are late together, so that whole stretches are drawn: about as long as the cube
  /// root of the number of pairs (Hall, Horowitz and Jing 1995), and whole chunks. Both runs see the same
  /// stretches in each resample, which lets what is slow for both cancel out.
  public init?(from first: ResponseSeries, to second: ResponseSeries, seed: UInt64 = 1) {
    let pairs = PairedResponses(first, second)
    guard pairs.count > 0 else { return nil }
    let bootstrap = Bootstrap(
      unitCount: pairs.blockCount, resampleCount: pairs.resampleCount, seed: seed)
    var means: [Int64] = []
    var differences = pairs.quantiles.map { _ in [Int64]() }
    bootstrap.forEachResample { weights in
      means.append(pairs.mean(weights))
      for (index, difference) in pairs.differences(weights).enumerated() {
        differences[index].append(difference)
      }
    }
    func estimate(_ value: Int64, _ values: [Int64]) -> DurationEstimate {
      let interval = bootstrap.interval(of: values)
      return DurationEstimate(value: value, low: interval?.low, high: interval?.high)
    }
    let once = [UInt32](repeating: 1, count: pairs.blockCount)
    let values = pairs.differences(once)
    self.init(
      frames: pairs.count, blocks: pairs.blockCount, blockFrames: pairs.blockFrames,
      mean: estimate(pairs.mean(once), means),
      percentiles: pairs.quantiles.indices.map {
        (pairs.quantiles[$0].key, estimate(values[$0], differences[$0]))
      })
  }
}

/// Response times of two runs at the positions that both have.
private struct PairedResponses {
  /// Those percentiles that the pairs support.
  let quantiles: [(key: String, quantile: Quantile)]
  let count: Int
  let blockFrames: Int
  let blockCount: Int
  /// Ascending, each with the block that it lies in.
  private let first: [(response: Int64, block: Int)]
  private let second: [(response: Int64, block: Int)]
  /// The second minus the first, and the number of pairs, of each block.
  private let sums: [(difference: Int64, pairs: Int64)]

  init(_ one: ResponseSeries, _ other: ResponseSeries) {
    var pairs: [(Int64, Int64)] = []
    var (i, j) = (0, 0)
    while i < one.positions.count, j < other.positions.count {
      let (left, right) = (one.positions[i], other.positions[j])
      if left == right { pairs.append((one.responses[i], other.responses[j])) }
      if left <= right { i += 1 }
      if right <= left { j += 1 }
    }
    let chunk = max(one.chunkSize, other.chunkSize)
    var least = 1
    while least * least * least < pairs.count { least += 1 }
    let blockFrames = (max(least, chunk) + chunk - 1) / chunk * chunk
    count = pairs.count
    self.blockFrames = blockFrames
    blockCount = (pairs.count + blockFrames - 1) / blockFrames
    var sums = [(difference: Int64, pairs: Int64)](repeating: (0, 0), count: blockCount)
    for (index, pair) in pairs.enumerated() {
      sums[index / blockFrames].difference += pair.1 - pair.0
      sums[index / blockFrames].pairs += 1
    }
    self.sums = sums
    first = pairs.enumerated().map { ($1.0, $0 / blockFrames) }.sorted { $0.0 < $1.0 }
    second = pairs.enumerated().map { ($1.1, $0 / blockFrames) }.sorted { $0.0 < $1.0 }
    let all: [(String, Quantile)] = [("p50", .p50), ("p90", .p90), ("p95", .p95), ("p99", .p99)]
    quantiles = all.filter { pairs.count >= $0.1.samplesNeeded ?? .max }
  }

  /// A thousand, fewer for so many pairs that it would take long: the intervals' ends then vary more.
  var resampleCount: Int { max(100, min(1_000, 1_000_000_000 / max(1, count))) }

  /// The mean difference where each block counts as often as its weight says.
  func mean(_ weights: [UInt32]) -> Int64 {
    var (difference, pairs) = (Int64(0), Int64(0))
    for (block, weight) in weights.enumerated() {
      difference += Int64(weight) * sums[block].difference
      pairs += Int64(weight) * sums[block].pairs
    }
    return pairs == 0 ? 0 : Int64((Double(difference) / Double(pairs)).rounded())
  }

  /// By how much the second run's percentiles are over the first's.
  func differences(_ weights: [UInt32]) -> [Int64] {
    zip(percentiles(of: second, weights), percentiles(of: first, weights)).map { $0 - $1 }
  }

  private func percentiles(
    of responses: [(response: Int64, block: Int)], _ weights: [UInt32]
  ) -> [Int64] {
    let total = zip(weights, sums).reduce(0) { $0 + Int($1.0) * Int($1.1.pairs) }
    var found: [Int64] = []
    var seen = 0
    for (response, block) in responses {
      seen += Int(weights[block])
      while found.count < quantiles.count,
        seen >= quantiles[found.count].quantile.rank(among: total)
      {
        found.append(response)
      }
      if found.count == quantiles.count { break }
    }
    return found
  }
}
