import LaneRunner
import StreamIO
import Synchronization
import Testing

@testable import Experiments

/// Work on several threads, taken in order.
@Suite("Ordered jobs", .timeLimit(.minutes(1)))
struct OrderedJobsTests {
  @Test("Results come in order, each once, whatever the jobs", arguments: [1, 2, 7])
  func order(jobs: Int) throws {
    var taken: [Int] = []
    try OrderedJobs(count: 200, jobs: jobs).run { index in
      // Later pieces are done sooner.
      MonotonicClock.sleep(until: MonotonicClock.now() + Int64(index % 5 == 0 ? 2_000_000 : 0))
      return index * index
    } take: { index, result in
      #expect(result == index * index)
      taken.append(index)
    }
    #expect(taken == Array(0..<200))
  }

  @Test("No more results wait for an earlier one than each job may leave")
  func patience() throws {
    let begun = Atomic<Int>(0)
    let isFirstDone = Switch()
    let aheadOfFirst = Atomic<Int>(0)
    let jobs = OrderedJobs(count: 100, jobs: 3)
    try jobs.run { index in
      if index == 0 {
        // Until the others have gone as far as they may.
        var before = -1
        while before != begun.load(ordering: .relaxed) {
          before = begun.load(ordering: .relaxed)
          MonotonicClock.sleep(until: MonotonicClock.now() + 50_000_000)
        }
        aheadOfFirst.store(before, ordering: .relaxed)
        isFirstDone.turnOn()
      } else {
        begun.add(1, ordering: .relaxed)
      }
    } take: { _, _ in
    }
    #expect(isFirstDone.isOn)
    #expect((2..<9).contains(aheadOfFirst.load(ordering: .relaxed)))
    #expect(begun.load(ordering: .relaxed) == 99)
  }

  @Test("Stopped, what was begun is taken and nothing else is begun")
  func stop() throws {
    let isStopped = Switch()
    var taken: [Int] = []
    let begun = Atomic<Int>(0)
    try OrderedJobs(count: 1_000, jobs: 2, isStopped: { isStopped.isOn }).run { index in
      begun.add(1, ordering: .relaxed)
      if index == 10 { isStopped.turnOn() }
    } take: { index, _ in
      taken.append(index)
    }
    #expect(taken == Array(0..<begun.load(ordering: .relaxed)))
    #expect((11..<100).contains(taken.count))
  }
}
