import CAllocationCounter
import CMachineLimits

/// The measured calls of one workload, round by round.
@safe final class Series {
  let workload: Workload
  private let call: any TimedCall
  /// Ticks of every call, all rounds.
  private let ticks: UnsafeMutableBufferPointer<UInt32>
  private(set) var count = 0
  /// Median ticks of each round.
  private(set) var roundMedians: [UInt32] = []
  private(set) var allocationCount = 0

  /// The most calls that a run keeps.
  private static let capacity = 400_000

  /// Makes the call's state and warms it up.
  init(_ workload: Workload) {
    self.workload = workload
    call = workload.makeCall()
    unsafe ticks = .allocate(capacity: Self.capacity)
    unsafe ticks.initialize(repeating: 0)
    for _ in 0..<call.warmUpCalls { call.run() }
  }

  deinit { unsafe ticks.deallocate() }

  /// Calls for `budget` ticks, a quarter of them to bring caches back, and keeps the rest's times.
  /// `rounds` rounds in all share the room; at least three calls are kept.
  func runRound(budget: UInt64, rounds: Int) {
    let start = ml_ticks()
    var warmed = 0
    while warmed < 2 || ml_ticks() - start < budget / 4 && warmed < 2_000 {
      call.run()
      warmed += 1
    }
    let first = count
    let last = min(first + max(3, Self.capacity / rounds), Self.capacity)
    let allocationsBefore = allocation_counter_value()
    var place = first
    var previous = ml_ticks()
    let end = start + budget
    while place < last && (previous < end || place < first + 3) {
      call.run()
      // Back to back: each interval holds one call and one reading of the clock.
      let now = ml_ticks()
      unsafe ticks[place] = UInt32(clamping: now - previous)
      previous = now
      place += 1
    }
    allocationCount += allocation_counter_value() - allocationsBefore
    count = place
    guard place > first else { return }
    let round = unsafe ticks[first..<place].sorted()
    roundMedians.append(round[(round.count - 1) / 2])
  }

  /// All times, ascending. Allocates.
  var sortedTicks: [UInt32] { unsafe ticks[0..<count].sorted() }
}
