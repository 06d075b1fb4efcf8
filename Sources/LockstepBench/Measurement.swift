import Experiments
import LatencyLog
import StreamCore

/// A row of the result: one workload's times beside the machine's floor, nanoseconds.
struct Measurement {
  let workload: Workload
  let calls: Int
  let p50: Double?
  let p99: Double?
  let p999: Double?
  /// Of the spins beside the calls; nil where there were none, or too few.
  let spin: (p50: Double, p999: Double)?
  /// The fastest and the slowest round's median, and the one in the middle.
  let rounds: (least: Double, middle: Double, most: Double)
  /// Nil where the limits were not measured.
  let floor: Floor?
  /// Per call; nil where they cannot be counted.
  let allocations: Double?

  /// What p99.9 has beyond the machine's own: beyond that of a spin of the same length in the same rounds.
  var excess: Double? { spin.flatMap { spin in p999.map { $0 - spin.p999 } } }

  /// p50 / floor.
  var ratio: Double? { floor.flatMap { floor in p50.map { $0 / floor.nanoseconds } } }

  /// The fastest round's median / floor: what it is when nothing else runs.
  var bestRoundRatio: Double? { floor.map { rounds.least / $0.nanoseconds } }

  /// No machine is faster than its limits, not even in its best round: they, or what was counted, are
  /// not right.
  var floorIsWrong: Bool { floor?.isWrong(for: rounds.least) ?? false }

  init(_ series: Series, limits: MachineLimits, nanosecondsPerTick scale: Double, counts: Bool) {
    let sorted = series.calls.sorted
    let spins = series.spins.sorted
    let medians = series.roundMedians.sorted()
    func time(_ ticks: UInt32?) -> Double? { ticks.map { Double($0) * scale } }
    workload = series.workload
    calls = sorted.count
    p50 = time(Quantile.p50.value(ofSorted: sorted))
    p99 = time(Quantile.p99.value(ofSorted: sorted))
    p999 = time(Quantile.p999.value(ofSorted: sorted))
    if let middle = time(Quantile.p50.value(ofSorted: spins)),
      let tail = time(Quantile.p999.value(ofSorted: spins))
    {
      spin = (middle, tail)
    } else {
      spin = nil
    }
    rounds = (
      time(medians.first) ?? 0, time(medians.isEmpty ? nil : medians[(medians.count - 1) / 2]) ?? 0,
      time(medians.last) ?? 0
    )
    floor = Floor(workload, limits)
    allocations =
      counts && calls > 0 ? Double(series.allocationCount) / Double(calls) : nil
  }
}

extension Floor {
  /// Of a workload; nil of one that is no model's call, and where the limits were not measured.
  init?(_ workload: Workload, _ limits: MachineLimits) {
    guard let demand = workload.demand else { return nil }
    self.init(demand, precision: workload.precision, limits)
    guard nanoseconds.isFinite else { return nil }
  }
}
