import StreamCore

/// A row of the result: one workload's times beside the machine's floor, nanoseconds.
struct Measurement {
  let workload: Workload
  let calls: Int
  let p50: Double?
  let p99: Double?
  let p999: Double?
  /// The fastest and the slowest round's median, and the one in the middle.
  let rounds: (least: Double, middle: Double, most: Double)
  let floor: Floor
  /// Per call; nil where they cannot be counted.
  let allocations: Double?

  /// p50 / floor.
  var ratio: Double? { p50.map { $0 / floor.nanoseconds } }

  /// The fastest round's median / floor: what it is when nothing else runs.
  var bestRoundRatio: Double { rounds.least / floor.nanoseconds }

  /// No machine is faster than its limits, not even in its best round: they, or what was counted, are
  /// not right.
  var floorIsWrong: Bool { floor.isWrong(for: rounds.least) }

  init(_ series: Series, limits: MachineLimits, nanosecondsPerTick scale: Double, counts: Bool) {
    let sorted = series.sortedTicks
    let medians = series.roundMedians.sorted()
    func time(_ ticks: UInt32?) -> Double? { ticks.map { Double($0) * scale } }
    workload = series.workload
    calls = sorted.count
    p50 = time(Percentile.p50.of(sorted: sorted))
    p99 = time(Percentile.p99.of(sorted: sorted))
    p999 = time(Percentile.p999.of(sorted: sorted))
    rounds = (
      time(medians.first) ?? 0, time(medians.isEmpty ? nil : medians[(medians.count - 1) / 2]) ?? 0,
      time(medians.last) ?? 0
    )
    floor = Floor(
      workload.demand, bandwidth: limits.bandwidth(at: workload.demand.bytes),
      floatPeak: limits.peak(.f32), weightPeak: limits.peak(workload.precision))
    allocations =
      counts && calls > 0 ? Double(series.allocationCount) / Double(calls) : nil
  }
}
