import CMachineLimits
import Experiments
import Foundation
import LaneRunner
import StreamCore

/// The whole run: rounds over the limits and all workloads, so that drift of the machine shows as
/// spread between rounds instead of as a difference between workloads.
struct BenchRun {
  let machine: Machine
  let limits: MachineLimits
  let measurements: [Measurement]
  let loadAtEnd: String?
  /// What one reading of the clock adds to every time.
  let clockNanoseconds: Double
  let roundCount: Int

  /// `seconds` for each workload over all rounds, and as long again for the spin beside it. Nil where there
  /// is no memory for the limits' loops; throws what keeps a workload from being made.
  init?(
    machine: Machine, workloads: [Workload], seconds: Double, rounds: Int, measuresLimits: Bool,
    progress: (String) -> Void
  ) throws {
    let footprints = measuresLimits ? workloads.compactMap(\.demand?.bytes) : []
    guard let limits = MachineLimits(footprints: footprints) else { return nil }
    self.machine = machine
    self.limits = limits
    roundCount = rounds
    let startTicks = ml_ticks()
    let startTime = ml_nanoseconds()
    progress("warming up \(workloads.count) workloads")
    let series = try workloads.map(Series.init)
    // Not before: pages of locked memory come one by one, and large ones are faster.
    if machine.usesFIFO { ThreadPlacement.lockMemory() }
    var scale = Self.nanosecondsPerTick(sinceTicks: startTicks, time: startTime)
    let slot = seconds / Double(rounds)
    for round in 0..<rounds {
      progress("round \(round + 1) of \(rounds)")
      if measuresLimits { limits.measure() }
      let budget = UInt64(slot * 1e9 / scale)
      for one in series {
        let began = ml_nanoseconds()
        one.runRound(budget: budget, rounds: rounds)
        // A FIFO thread that never rests is stopped by the kernel for 50 ms of every second.
        if machine.usesFIFO { usleep(UInt32((ml_nanoseconds() - began) / 10_000)) }
      }
    }
    scale = Self.nanosecondsPerTick(sinceTicks: startTicks, time: startTime)
    clockNanoseconds = Self.clockTicks() * scale
    measurements = series.map {
      Measurement(
        $0, limits: limits, nanosecondsPerTick: scale, counts: machine.countsAllocations)
    }
    loadAtEnd = Machine.load
  }

  private static func nanosecondsPerTick(sinceTicks ticks: UInt64, time: Int64) -> Double {
    // Long enough for the reading of two clocks not to matter.
    while ml_nanoseconds() - time < 20_000_000 {}
    return Double(ml_nanoseconds() - time) / Double(max(1, ml_ticks() - ticks))
  }

  /// The least of many intervals between readings.
  private static func clockTicks() -> Double {
    var least = UInt64.max
    for _ in 0..<1_000 {
      let start = ml_ticks()
      for _ in 0..<16 { _ = ml_ticks() }
      least = min(least, ml_ticks() - start)
    }
    return Double(least) / 17
  }
}
