import CAllocationCounter
import CMachineLimits
import LatencyLog

/// The measured calls of one workload, round by round, and spins of the same length in turn with them:
/// what the machine alone makes of such a while.
final class Series {
  let workload: Workload
  private let call: any TimedCall
  let calls = TickList()
  /// Empty where a run has too few calls for a tail.
  let spins = TickList()
  /// Median ticks of each round.
  private(set) var roundMedians: [UInt32] = []
  private(set) var allocationCount = 0
  private var spin = Spin()
  /// Whether the run will have calls enough for a p99.9; known in the first round.
  private var hasTail: Bool?

  /// Makes the call's state and warms it up.
  init(_ workload: Workload) throws {
    self.workload = workload
    call = try workload.makeCall()
    for _ in 0..<call.warmUpCalls { call.run() }
  }

  /// Calls for `budget` ticks, a quarter of them to bring caches back, and keeps the rest's times.
  /// `rounds` rounds in all share the room; at least three calls are kept. Spins take as long again.
  func runRound(budget: UInt64, rounds: Int) {
    call.beginRound()
    let start = ml_ticks()
    var warmed = 0
    while warmed < 2 || ml_ticks() - start < budget / 4 && warmed < 2_000 {
      call.run()
      warmed += 1
    }
    let warming = ml_ticks() - start
    let usual = max(1, Int(warming) / warmed)
    let kept = budget > warming ? budget - warming : 0
    let first = calls.count
    let last = min(first + max(3, TickList.capacity / rounds), TickList.capacity)
    let expected = min(last - first, Int(kept) / usual)
    let spinsAlong = hasTail ?? Quantile.p999.isSupported(by: expected * rounds)
    hasTail = spinsAlong
    if spinsAlong { spin.adjust(to: roundMedians.last.map(Int.init) ?? usual) }
    // In turn about every millisecond: the same disturbances meet both, and few calls come after a spin.
    let burst = max(1, Int(budget) / 64 / usual)
    var spent: UInt64 = 0
    while calls.count < last && (spent < kept || calls.count < first + 3) {
      let end = min(calls.count + burst, last)
      let allocationsBefore = allocation_counter_value()
      let began = ml_ticks()
      var previous = began
      while calls.count < end {
        call.run()
        // Back to back: each interval holds one call and one reading of the clock.
        let now = ml_ticks()
        calls.append(now - previous)
        previous = now
      }
      spent += previous - began
      allocationCount += allocation_counter_value() - allocationsBefore
      if spinsAlong { spin.run(end - spins.count, into: spins) }
    }
    roundMedians.append(calls.median(from: first))
  }
}

/// Ticks of calls, with room that is there from the beginning.
@safe final class TickList {
  private let ticks: UnsafeMutableBufferPointer<UInt32>
  private(set) var count = 0

  /// The most that a run keeps.
  static let capacity = 200_000

  init() {
    unsafe ticks = .allocate(capacity: Self.capacity)
    unsafe ticks.initialize(repeating: 0)
  }

  deinit { unsafe ticks.deallocate() }

  @inline(__always)
  func append(_ interval: UInt64) {
    unsafe ticks[count] = UInt32(clamping: interval)
    count += 1
  }

  /// The nearest-rank median of the entries from one on; there is one at least. Allocates.
  func median(from first: Int) -> UInt32 {
    let part = unsafe ticks[first..<count].sorted()
    return part[(part.count - 1) / 2]
  }

  /// All, ascending. Allocates.
  var sorted: [UInt32] { unsafe ticks[0..<count].sorted() }
}

/// A loop that touches no memory, of a length in ticks.
struct Spin {
  private var steps = 1

  /// Makes one spin, with a reading of the clock, as long as `ticks`.
  mutating func adjust(to ticks: Int) {
    let trial = 2_000
    var least = UInt64.max
    // Anew each time: the processor's clock may have changed against that of the ticks.
    for _ in 0..<20 {
      let start = ml_ticks()
      ml_spin(trial)
      least = min(least, ml_ticks() - start)
    }
    steps = max(1, Int(Double(ticks) / Double(least) * Double(trial)))
  }

  func run(_ count: Int, into list: TickList) {
    var previous = ml_ticks()
    for _ in 0..<count {
      ml_spin(steps)
      let now = ml_ticks()
      list.append(now - previous)
      previous = now
    }
  }
}
