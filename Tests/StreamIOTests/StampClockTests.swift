import Foundation
import Testing

@testable import StreamIO

/// What docs/time.md says of stamped samples, sentence by sentence. Times are in ms, the period is 20.
@Suite struct StampClockTests {
  /// A run of stamps through the clock, as a source feeds it.
  struct Run {
    var clock: StampClock
    /// Position and length of each gap.
    var gaps: [[UInt64]] = []
    /// Grid instants of the samples, in ms since the first stamp's clock began.
    var grid: [Double] = []
    /// How many stamps the period was learned from.
    var learned = 0
    /// For each sample, how many later stamps had come when it was placed.
    var waits: [Int] = []

    init(_ stamps: [Double]) {
      let times = stamps.map { Int64(($0 * 1e6).rounded()) }
      let rest = times.map { Double($0 - times[0]) }
      var count = min(FirstStretch.fewest, rest.count)
      while count < rest.count, !FirstStretch(Array(rest[..<count])).isEnough { count += 1 }
      learned = count
      clock = StampClock(origin: times[0], first: FirstStretch(Array(rest[..<count])))
      var position: UInt64 = 0
      for (index, time) in times.enumerated() {
        clock.take(time)
        if index == times.count - 1 { clock.finish() }
        while let sample = clock.takePlaced() {
          if sample.gap > 0 { gaps.append([position, sample.gap]) }
          position += sample.gap + 1
          waits.append(index - grid.count)
          grid.append(Double(sample.point.time) / 1e6)
        }
      }
      #expect(grid.count == stamps.count)
      #expect(position == clock.position)
    }

    var lost: UInt64 { gaps.reduce(0) { $0 + $1[1] } }
    var rate: Double { clock.measuredRate }
  }

  static let count = 5_250

  /// Normal jitter; a logger's stamps are each later than the one before.
  static func jittered(
    _ count: Int = count, sigma: Double, seed: UInt64, _ time: (Int) -> Double = { 20 * Double($0) }
  ) -> [Double] {
    var generator = Generator(state: seed)
    var latest = -Double.infinity
    return (0..<count).map { index in
      latest = max(time(index) + 50 + sigma * generator.normal(), latest + 0.5)
      return latest
    }
  }

  struct Generator {
    var state: UInt64
    mutating func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Double(state >> 11) + 0.5) / 9_007_199_254_740_992
    }
    mutating func normal() -> Double {
      (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform())
    }
  }

  @Test("Stamps without jitter are the grid, to the ns, whatever the origin")
  func exact() {
    for origin in [0.0, 30_000, 1.7e12] {
      let stamps = (0..<1_000).map { origin + 20 * Double($0) }
      let run = Run(stamps)
      #expect(run.grid == stamps)
      #expect(run.gaps.isEmpty && run.learned == 16)
      #expect(run.clock.firstInstant == Int64(origin) * 1_000_000)
    }
  }

  @Test("One stamp a second that is late, by more than half a period or more than one, is no loss")
  func lateStamps() {
    for late in [12.0, 25] {
      var latest = -1.0
      let run = Run(
        (0..<Self.count).map { index in
          latest = max(20 * Double(index) + (index % 50 == 25 ? late : 0), latest + 0.5)
          return latest
        })
      #expect(run.gaps.isEmpty)
      #expect(abs(run.rate - 50) < 0.01)
    }
  }

  @Test("Normal jitter is no loss, and the rate is found", arguments: [1.0, 2, 3, 5, 8])
  func jitter(sigma: Double) throws {
    for seed in 1...5 as ClosedRange<UInt64> {
      let run = Run(Self.jittered(sigma: sigma, seed: seed))
      #expect(run.gaps.isEmpty, "\(run.gaps)")
      #expect(abs(run.rate - 50) < 0.02)
      #expect(abs(run.grid[Self.count - 1] - (20 * Double(Self.count - 1) + 50)) < 5)
      let p50 = Double(try #require(run.clock.jitter.percentile(.p50))) / 1e6
      // The median of a normal distance is 0.674 sigma.
      #expect(abs(p50 / (0.6745 * sigma) - 1) < 0.15)
    }
  }

  @Test("Bursts are no loss", arguments: [3, 5, 10, 25, 50])
  func bursts(size: Int) {
    let run = Run(
      (0..<Self.count).map { index in
        let event = index / size
        return 20 * Double(event * size) + Double(index % size)
      })
    #expect(run.gaps.isEmpty, "\(run.gaps)")
    #expect(abs(run.rate / 50 - 1) < 0.002)
  }

  @Test("A hole in a burst is found")
  func holesInBursts() {
    func run(without lost: Range<Int>) -> Run {
      Run(
        (0..<Self.count).filter { !lost.contains($0) }.map { index in
          let event = index / 3
          return 60 * Double(event) + Double(index % 3)
        })
    }
    #expect(run(without: 2_001..<2_004).gaps == [[2_001, 3]])
    let single = run(without: 2_000..<2_001)
    #expect(single.lost == 1)
    let window = UInt64(single.clock.noise.window)
    #expect(single.gaps.allSatisfy { (2_000..<2_000 + window).contains($0[0]) })
  }

  @Test("A stall that is caught up with is no loss", arguments: [1.0, 10])
  func stalls(spacing: Double) {
    var latest = -1.0
    let run = Run(
      (0..<Self.count).map { index in
        let time = 20 * Double(index)
        // A second of nothing from 50 s on; what was held back then comes at this spacing.
        let heldBack = 51_000 + spacing * Double(index - 2_500)
        latest = time < 50_000 ? time : max(time, heldBack, latest + 0.5)
        return latest
      })
    #expect(run.gaps.isEmpty, "\(run.gaps)")
    #expect(abs(run.rate - 50) < 0.01)
  }

  @Test("Two seconds lost among jitter of 5 ms are one gap of 100 samples at its place")
  func longHole() {
    for seed in 1...30 as ClosedRange<UInt64> {
      var stamps = Self.jittered(sigma: 5, seed: seed)
      stamps.removeSubrange(2_500..<2_600)
      #expect(Run(stamps).gaps == [[2_500, 100]], "seed \(seed)")
    }
  }

  @Test("What is lost for good while a stall is caught up with is found where the catching up ends")
  func stallWithLoss() {
    // A second of nothing; then 20 of the 50 samples of it at once, and the rest never.
    let kept = (0..<Self.count).filter { !(2_520..<2_550).contains($0) }
    let stamps: [Double] = kept.map { index -> Double in
      let isHeldBack = (2_500..<2_520).contains(index)
      return isHeldBack ? 51_000 + Double(index - 2_500) : 20 * Double(index)
    }
    let run = Run(stamps)
    #expect(run.lost == 30, "\(run.gaps)")
    #expect(run.gaps.allSatisfy { (2_500...2_530).contains($0[0]) }, "\(run.gaps)")
  }

  @Test("Single losses among jitter of 2 ms are found where they are")
  func singleLosses() {
    var generator = Generator(state: 9)
    for seed in 1...3 as ClosedRange<UInt64> {
      let lost = Set((200..<20_000).filter { _ in generator.uniform() < 0.001 })
      let stamps = Self.jittered(20_000, sigma: 2, seed: seed)
      let run = Run(stamps.indices.filter { !lost.contains($0) }.map { stamps[$0] })
      #expect(run.lost == UInt64(lost.count))
      #expect(run.gaps.map { Int($0[0]) } == lost.sorted().filter { !lost.contains($0 - 1) })
    }
  }

  @Test("Single losses among jitter of 5 ms are found within three windows")
  func singleLossesInJitter() {
    for seed in 1...3 as ClosedRange<UInt64> {
      var stamps = Self.jittered(sigma: 5, seed: seed)
      let lost = [1_000, 2_200, 3_600]
      for index in lost.reversed() { stamps.remove(at: index) }
      let run = Run(stamps)
      #expect(run.lost == 3, "\(run.gaps)")
      for (gap, place) in zip(run.gaps, lost) {
        #expect((place...place + 3 * run.clock.noise.window).contains(Int(gap[0])), "\(run.gaps)")
      }
    }
  }

  @Test("A sample waits for 32 later ones at most, and without jitter for three")
  func waiting() {
    let clean = (0..<2_000).filter { !(1_000..<1_200).contains($0) }.map { 20 * Double($0) }
    let run = Run(clean)
    #expect(run.gaps == [[1_000, 200]])
    #expect(run.waits[run.learned...].max() == 3)
    var stamps = Self.jittered(sigma: 8, seed: 4)
    stamps.removeSubrange(2_500..<2_600)
    let rough = Run(stamps)
    #expect(rough.waits[rough.learned...].max() ?? 0 <= 32)
  }

  @Test("Drift is followed: 0.9 % fast for an hour, and a clock that wanders")
  func drift() {
    let fast = Run((0..<180_000).map { 20 * Double($0) / 1.009 })
    #expect(fast.gaps.isEmpty)
    #expect(abs(fast.rate - 50.45) < 0.001)
    #expect(abs(fast.grid[179_999] - 20 * 179_999 / 1.009) < 0.001)
    let wander = Self.jittered(40_000, sigma: 2, seed: 7) {
      20 * Double($0) + 50 * sin(Double($0) / 3_000)
    }
    let run = Run(wander)
    #expect(run.gaps.isEmpty)
    #expect(zip(run.grid, wander).allSatisfy { abs($0 - $1) < 12 })
  }

  @Test("Another rate from some sample on is followed, and no loss", arguments: [16.0, 22.2, 29])
  func changedRate(period: Double) {
    for change in [21, 2_000] {
      let stamps = (0..<Self.count).map { index in
        let after = Double(max(0, index - change))
        return 20 * Double(min(index, change)) + period * after
      }
      let run = Run(stamps)
      #expect(run.gaps.isEmpty, "\(run.gaps)")
      #expect(abs(run.grid[Self.count - 1] - stamps[Self.count - 1]) < 1)
    }
  }

  @Test("A hole in the first stretch is one; the stretch is then longer")
  func holeInTheFirstStretch() {
    for (place, length) in [(5, 100), (8, 1), (3, 2)] {
      let stamps = (0..<1_000).filter { !(place..<place + length).contains($0) }
      let run = Run(stamps.map { 20 * Double($0) })
      #expect(run.gaps == [[UInt64(place), UInt64(length)]])
      #expect(run.learned == 256)
    }
  }

  @Test("The first stretch is as long as its jitter asks for")
  func stretchLength() {
    let lengths = [0.0, 1, 3, 8].map { Run(Self.jittered(sigma: $0, seed: 1)).learned }
    #expect(lengths == lengths.sorted())
    #expect(lengths[0] == 16 && lengths[3] <= 256)
  }

  @Test("What looks like a loss: late for good, or held back and hardly faster afterwards")
  func lookAlikes() {
    let late = Run((0..<1_000).map { 20 * Double($0) + ($0 < 500 ? 0 : 20) })
    #expect(late.gaps == [[500, 1]])
    let slow = Run(
      (0..<Self.count).map { index in
        let time = 20 * Double(index)
        return index < 2_500 ? time : max(time, 51_000 + 19 * Double(index - 2_500))
      })
    #expect(slow.lost > 40)
  }

  @Test("Ends of few stamps: a hole three samples before the end, two stamps, one")
  func shortInputs() {
    let run = Run((0..<100).filter { $0 != 96 && $0 != 97 }.map { 20 * Double($0) })
    #expect(run.gaps == [[96, 2]])
    #expect(Run([0, 20]).grid == [0, 20])
    var clock = StampClock(origin: 5, first: FirstStretch(period: 1e6))
    clock.take(5)
    #expect(clock.takePlaced()?.point == GridPoint(time: 5, period: 1e6))
    #expect(clock.takePlaced() == nil)
  }

  @Test("Grid instants never go back")
  func order() {
    for seed in 1...3 as ClosedRange<UInt64> {
      let grid = Run(Self.jittered(sigma: 8, seed: seed)).grid
      #expect(zip(grid, grid.dropFirst()).allSatisfy { $0 < $1 })
    }
  }

  @Test("The rate of a period is the roundest near it, or the nearest whole one")
  func nominalRate() {
    func rate(_ hertz: Double) -> Int? { LineSource.nominalRate(period: 1e9 / hertz) }
    #expect(rate(50.45) == 50 && rate(49.9) == 50 && rate(52) == 52 && rate(1_001) == 1_000)
    #expect(rate(100.2) == 100 && rate(208.2) == 208 && rate(25) == 25 && rate(12.5) == nil)
  }

  @Test(
    "A quantile is the value of its nearest rank, wherever that lies",
    arguments: [0.02, 0.5, 0.95, 0.98, 1])
  func quantiles(_ share: Double) {
    #expect(FirstStretch.quantile([], share) == 0)
    var generator = SystemRandomNumberGenerator()
    for count in [1, 2, 16, 63, 64, 65, 761, 768] {
      // Some of them more than once.
      let values = (0..<count).map { _ in Double(Int(generator.next() % 300)) - 150 }
      let rank = max(1, Int((share * Double(count)).rounded(.up)))
      for order in [values, values.sorted(), values.sorted(by: >)] {
        #expect(FirstStretch.quantile(order, share) == values.sorted()[rank - 1])
      }
    }
  }
}
