import LatencyLog
import StreamIO
import Synchronization
import TestLanes
import Testing

@testable import LaneRunner

/// The rings between the reader's thread, a lane's and the writer's.
@Suite("Rings")
struct RingTests {
  static func lane(sampleRate: Int = 100) throws -> Lane {
    let setup = FakeModel { _, _ in }.lane()
    return Lane(
      index: 0, setup: setup, grid: try setup.grid(sourceRate: sampleRate),
      mixer: ChannelMixer(channels: 1), mode: .live, options: PipelineOptions(), ringSeconds: 10)
  }

  @Test("A gap that falls into an overrun stays a gap: the lane's books balance")
  func gapInOverrun() throws {
    let lane = try Self.lane()
    let end = RingEnd(lane: lane, ring: SampleRing(capacity: 100, channels: 1))
    var intake = Intake(schedule: ArrivalSchedule(sampleRate: 100), arrivals: .schedule)
    let samples = [Float](repeating: 1, count: 100)
    func deliver(_ block: SampleBlock) {
      unsafe samples.withUnsafeBufferPointer { buffer in
        unsafe end.deliver(block, block.kind == .samples ? buffer.baseAddress : nil)
      }
    }
    deliver(try intake.samples(count: 80, instant: nil))
    // Nobody takes these: 30 received, 50 lost by the source, 40 received.
    deliver(try intake.samples(count: 30, instant: nil))
    deliver(try intake.gap(length: 50))
    deliver(try intake.samples(count: 40, instant: nil))
    var isOpen = true
    func serveOne() {
      unsafe end.ring.next { block, parts in
        switch block.kind {
        case .samples:
          guard var base = unsafe parts.0.baseAddress else { return }
          unsafe lane.take(&base, count: parts.0.count, of: block)
        case .gap, .overrun: lane.skipLost(block)
        case .mark, .stop: preconditionFailure("no snapshot was asked for")
        case .end:
          lane.finish(at: block.newest)
          isOpen = false
        }
      }
    }
    serveOne()
    deliver(try intake.samples(count: 10, instant: nil))
    end.push(.end, sleep: {})
    while isOpen { serveOne() }
    let totals = lane.totals
    #expect(intake.received == 160)
    #expect(totals.overrun == 70)
    #expect(totals.consumed + totals.tail + totals.dropped + totals.overrun == intake.received)
    #expect(lane.state.position == intake.position)
  }

  @Test("A slow pace makes a ring that holds the largest block", .timeLimit(.minutes(1)))
  func slowPace() throws {
    // A clock a thousand times as fast as the real one, so that nobody waits.
    let begin = MonotonicClock.now()
    let now = { begin + (MonotonicClock.now() - begin) * 10_000 }
    var options = PipelineOptions(now: now)
    options.sleep = { _ in MonotonicClock.sleep(until: MonotonicClock.now() + 100_000) }
    let source = TestSource(
      [.samples(GoldenModels.noise(3_200)), .gap(20_000), .samples(GoldenModels.noise(3_200))],
      sampleRate: 16_000)
    let lanes = [try GoldenModels.lstm(), try GoldenModels.transformer()]
    let result = try Pipeline(
      source: source, mode: .replay(.realtime(factor: 0.001)), lanes: lanes, options: options
    ).run()
    #expect(result.summary.input.received == 6_400)
    for lane in result.summary.lanes { #expect(lane.totals.consumed + lane.totals.tail == 6_400) }
  }

  @Test("A ring that nobody empties grows to its limit, and gives all of it in order")
  func growth() {
    let ring = SampleRing(capacity: 10_000, channels: 2, first: 10)
    var pushed: [Float] = []
    var got: [Float] = []
    func push(_ count: Int) {
      let position = UInt64(pushed.count / 2)
      let samples = (0..<2 * count).map { Float(pushed.count + $0) }
      let block = SampleBlock(
        kind: .samples, position: position, count: count, newest: 0, earliest: 0,
        schedule: ArrivalSchedule(sampleRate: 1))
      unsafe samples.withUnsafeBufferPointer { unsafe ring.push(block, $0.baseAddress) }
      pushed += samples
    }
    func take() {
      unsafe ring.next { block, parts in
        #expect(block.position == UInt64(got.count / 2))
        #expect(unsafe parts.0.count + parts.1.count == 2 * block.count)
        got += unsafe Array(parts.0)
        got += unsafe Array(parts.1)
      }
    }
    for count in [3, 7, 1, 9] { push(count) }
    take()
    // Blocks of one sample run out of places for blocks; long ones of samples.
    for _ in 0..<100 { push(1) }
    for _ in 0..<30 { take() }
    while ring.hasRoom(for: 999) { push(999) }
    #expect(ring.waitingSamples > 9_000)
    while ring.hasBlock { take() }
    #expect(ring.waitingSamples == 0)
    for count in [4_000, 5_999, 1] { push(count) }
    while ring.hasBlock { take() }
    #expect(got == pushed)
    #expect(ring.hasRoom(for: 10_000))
    #expect(!ring.hasRoom(for: 10_001))
  }

  @Test("Whoever asks from outside never finds fewer than no samples waiting")
  func waitingSamples() throws {
    let ring = SampleRing(capacity: 64, channels: 1)
    let rounds = 300_000
    let least = Atomic<Int>(0)
    let isOver = Switch()
    let observer = try startThread("observer") {
      while !isOver.isOn {
        let waiting = ring.waitingSamples
        if waiting < 0 { least.store(waiting, ordering: .relaxed) }
      }
    }
    let consumer = try startThread("consumer") {
      for _ in 0..<rounds { unsafe ring.next { _, _ in } }
    }
    let block = SampleBlock(
      kind: .samples, position: 0, count: 1, newest: 0, earliest: 0,
      schedule: ArrivalSchedule(sampleRate: 1))
    var sample: Float = 0
    for _ in 0..<rounds {
      while !ring.hasRoom(for: 1) {}
      unsafe ring.push(block, &sample)
    }
    consumer.wait()
    isOver.turnOn()
    observer.wait()
    #expect(least.load(ordering: .relaxed) == 0)
  }

  @Test("Word for the writer does not grow without bound, and says what it left out")
  func journal() {
    let journal = RunJournal()
    for index in 0..<10_000 {
      journal.add(Stretch(start: UInt64(index), length: 2), began: 0)
      journal.warn("warning \(index)")
    }
    #expect(journal.takeWarnings().count == RunJournal.limit)
    #expect(journal.takeGaps().count == RunJournal.limit)
    #expect(journal.gaps == (10_000, 20_000))
    #expect(
      journal.takeWarnings() == [
        "5904 gaps are in no log and no trace: the writer was too far behind"
      ])
    #expect(journal.takeGaps().isEmpty)
  }

  @Test("A position that the schedule cannot reach is refused in words")
  func farPosition() throws {
    var intake = Intake(
      schedule: ArrivalSchedule(sampleRate: 50, factor: 0.001), arrivals: .timeStamps)
    _ = try intake.samples(count: 1, instant: 20_000_000)
    let error = #expect(throws: SourceError.self) {
      _ = try intake.gap(length: 50_000_000_000)
    }
    #expect(error?.kind == .badData)
    #expect(
      error?.message
        == "sample 50000000000 lies 73 years or more after the start at this pace: expected an "
        + "earlier one")
    #expect(intake.position == 1)
  }
}
