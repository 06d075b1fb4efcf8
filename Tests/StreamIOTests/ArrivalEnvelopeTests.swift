import Testing

@testable import StreamIO

/// A source with a clock of its own, a way from there to a pipe, and a reader that looks as soon as
/// something comes. Times are in seconds of the monotonic clock; 16,000 samples a second are told.
struct SimulatedInput {
  /// How much faster than told its clock runs: 0.009 is 0.9 % fast.
  var fast = 0.0
  /// Seconds of samples that come at once.
  var grain = 0.01
  /// Delivery is held up in between; what was held up comes then, so many times faster than its rate.
  var heldUp: Range<Double>?
  var catchUp = Double.infinity
  /// The source stands still in between.
  var pause: Range<Double>?
  /// The reader looks at nothing in between.
  var readerStops: Range<Double>?
  /// The most by which a block comes late, at random.
  var jitter = 0.001
  var findsPauses = true

  /// A block as the envelope saw it.
  struct Block {
    /// The newest sample's position.
    var position: UInt64
    /// When that sample was captured.
    var captured: Double
    /// When it was seen.
    var seen: Double
    /// Its arrival as the envelope told it then.
    var arrival: Double
    /// By how much it came later than the envelope expects.
    var lateness: Double { seen - arrival }
    /// How wrong the arrival is.
    var error: Double { arrival - captured }
  }

  /// Observes so many seconds; the envelope afterwards, and its blocks.
  func run(seconds: Double) -> (ArrivalEnvelope, [Block]) {
    var envelope = ArrivalEnvelope(findsPauses: findsPauses)
    var random = UInt64(7)
    var blocks: [Block] = []
    var count = 0
    // The process starts at an instant that is not 0.
    let origin = 5_000.0
    var waiting: [(position: UInt64, captured: Double, there: Double)] = []
    while true {
      count += 1
      let position = UInt64((Double(count) * grain * 16_000).rounded()) - 1
      var captured = Double(position + 1) / 16_000 / (1 + fast)
      if let pause, captured > pause.lowerBound { captured += pause.upperBound - pause.lowerBound }
      guard captured < seconds else { break }
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      var there = captured + jitter * Double(random >> 33) / Double(1 << 31)
      if let heldUp, captured > heldUp.lowerBound {
        let released = heldUp.upperBound + (captured - heldUp.lowerBound) / catchUp
        there = max(there, released)
      }
      if let readerStops, readerStops.contains(there) { there = readerStops.upperBound }
      waiting.append((position, captured, there))
    }
    for (index, block) in waiting.enumerated() {
      // Looks see the newest block that is there.
      var newest = index
      while newest + 1 < waiting.count, waiting[newest + 1].there <= block.there { newest += 1 }
      let seen = waiting[newest]
      envelope.observe(
        expected: ArrivalEnvelope.expected(position: seen.position, rate: 16_000),
        at: Int64((block.there + origin) * 1e9), position: seen.position)
      let due = ArrivalEnvelope.expected(position: block.position, rate: 16_000)
      let arrival = Double(envelope.arrival(expected: due) ?? 0) / 1e9 - origin
      blocks.append(
        Block(
          position: block.position, captured: block.captured, seen: block.there, arrival: arrival))
    }
    return (envelope, blocks)
  }
}

@Suite struct ArrivalEnvelopeTests {
  /// From the 3rd second on a block's arrival is its capture, within 3 ms and the drift of a block.
  @Test(arguments: [0.01, 0.1, 0.5], [0, 100e-6, -100e-6, 0.009, -0.009])
  func drift(grain: Double, fast: Double) throws {
    var input = SimulatedInput()
    input.grain = grain
    input.fast = fast
    let (envelope, blocks) = input.run(seconds: 3_600)
    let late = blocks.filter { $0.captured > 3 }
    #expect(late.allSatisfy { abs($0.error) < 0.003 })
    // Until a slope is known, a slow source runs away from the envelope: for 3 s, by 30 ms at most.
    #expect(blocks.allSatisfy { abs($0.error) < 0.031 })
    #expect(late.allSatisfy { $0.lateness < 0.004 })
    #expect(envelope.pauses.isEmpty)
    #expect(!envelope.isSlow)
    let pace = try #require(envelope.pace)
    #expect(abs(pace - (1 + fast)) < 3e-6)
  }

  /// 1.5 s held back, then at once: each of these blocks is late by the schedule.
  @Test(arguments: [0.01, 0.1, 0.5], [-0.009, 0, 0.009])
  func heldBack(grain: Double, fast: Double) {
    var input = SimulatedInput()
    input.grain = grain
    input.fast = fast
    input.heldUp = 20..<21.5
    let (envelope, blocks) = input.run(seconds: 40)
    #expect(blocks.filter { $0.captured > 3 }.allSatisfy { abs($0.error) < 0.02 })
    let late = blocks.filter { $0.lateness > 0.02 }
    #expect(abs(Double(late.count) - 1.5 / grain) <= 3)
    #expect(abs((late.map(\.lateness).max() ?? 0) - 1.5) < grain + 0.02)
    #expect(envelope.pauses.isEmpty)
  }

  /// Held back early, before any drift is known.
  @Test(arguments: [0.5, 1, 2, 3])
  func heldBackEarly(start: Double) {
    var input = SimulatedInput()
    input.heldUp = start..<start + 1.5
    let (envelope, blocks) = input.run(seconds: 10)
    #expect(abs(blocks.count { $0.lateness > 0.02 } - 149) <= 2)
    #expect(blocks.allSatisfy { abs($0.error) < 0.01 })
    #expect(envelope.pauses.isEmpty)
    #expect(!envelope.isSlow)
  }

  /// What was held back comes only a little faster than its rate.
  @Test(arguments: [10, 2, 1.25, 1.15])
  func heldBackAndDrained(catchUp: Double) {
    var input = SimulatedInput()
    input.heldUp = 20..<21.5
    input.catchUp = catchUp
    let (envelope, blocks) = input.run(seconds: 40)
    #expect(blocks.allSatisfy { abs($0.error) < 0.01 })
    #expect(envelope.pauses.isEmpty)
    #expect(!envelope.isSlow)
  }

  /// The source stood still for 1.5 s: what comes in the first 0.25 s and two blocks after it seems
  /// late, then the pause is known.
  @Test(arguments: [0.01, 0.1, 0.5], [-0.009, 0, 0.009])
  func paused(grain: Double, fast: Double) throws {
    var input = SimulatedInput()
    input.grain = grain
    input.fast = fast
    input.pause = 20..<21.5
    let (envelope, blocks) = input.run(seconds: 40)
    let pause = try #require(envelope.pauses.first)
    #expect(envelope.pauses.count == 1)
    let first = try #require(blocks.first { $0.captured > 21.5 })
    #expect(pause.position <= first.position)
    #expect(pause.position > first.position - UInt64(grain * 16_000 + 1))
    #expect(abs(Double(pause.length) / 1e9 - 1.5) < 0.03)
    let late = blocks.filter { $0.captured > 3 && $0.lateness > 0.03 }
    #expect(late.allSatisfy { $0.seen > 21.5 && $0.seen < 21.8 + 2 * grain })
    #expect(!late.isEmpty)
    #expect(blocks.last.map { abs($0.error) < 0.02 } == true)
    #expect(abs(try #require(envelope.pace) - (1 + fast)) < 1e-3)
    #expect(!envelope.isSlow)
  }

  /// Slower than 1.1 times the rate is taken for the source's own pace: that cannot be told apart.
  @Test func drainedTooSlowlyLooksLikeAPause() {
    var input = SimulatedInput()
    input.heldUp = 20..<21.5
    input.catchUp = 1.05
    #expect(input.run(seconds: 40).0.pauses.count == 1)
  }

  /// Of 1.5 s of silence 0.8 s were a pause; the rest was held back, and came at once.
  @Test func aPauseInWhatWasHeldBack() throws {
    var input = SimulatedInput()
    input.pause = 20..<20.8
    input.heldUp = 20..<21.5
    let (envelope, blocks) = input.run(seconds: 40)
    let pause = try #require(envelope.pauses.first)
    #expect(envelope.pauses.count == 1)
    #expect(abs(Double(pause.length) / 1e9 - 0.8) < 0.02)
    #expect(blocks.filter { $0.captured > 22 }.allSatisfy { abs($0.error) < 0.02 })
  }

  /// Stamps say themselves where a clock stood still: what is late stays late.
  @Test func stampedInputHasNoPauses() {
    var input = SimulatedInput()
    input.findsPauses = false
    input.pause = 20..<21.5
    let (envelope, blocks) = input.run(seconds: 25)
    #expect(envelope.pauses.isEmpty)
    #expect(blocks.filter { $0.captured > 21.5 }.allSatisfy { $0.lateness > 1.4 })
  }

  /// A reader that was stopped sees all that came meanwhile: late by how long it lay there.
  @Test(arguments: [0.5, 3])
  func readerStopped(length: Double) {
    var input = SimulatedInput()
    input.readerStops = 20..<20 + length
    let (envelope, blocks) = input.run(seconds: 40)
    #expect(envelope.pauses.isEmpty)
    #expect(blocks.allSatisfy { abs($0.error) < 0.01 })
    let first = blocks.max { $0.lateness < $1.lateness }
    #expect(first.map { abs($0.lateness - length) < 0.02 } == true)
    #expect(first.map { abs($0.captured - 20) < 0.02 } == true)
  }

  /// A reader that starts late finds a second of samples; the newest of them bounds the others.
  @Test func whatWaitsAtTheStart() {
    var input = SimulatedInput()
    input.readerStops = 0..<1
    let (_, blocks) = input.run(seconds: 5)
    #expect(blocks.allSatisfy { abs($0.error) < 0.012 })
  }

  /// More than 1 % slow is known after 4 s and a little, not after one hold-up of any kind.
  @Test(arguments: [-0.02, -0.05, -0.2])
  func slow(fast: Double) throws {
    var input = SimulatedInput()
    input.fast = fast
    #expect(!input.run(seconds: 3).0.isSlow)
    let (envelope, _) = input.run(seconds: 6)
    #expect(envelope.isSlow)
    #expect(abs(try #require(envelope.recentPace) - (1 + fast)) < 0.003)
    // Lateness has a bound all the same.
    let (_, blocks) = input.run(seconds: 600)
    #expect(blocks.allSatisfy { $0.lateness < 10.3 * (-fast / (1 + fast) - 0.01) + 0.03 })
  }

  @Test(arguments: [0.1, 0.2, 0.4, 0.6, 1.5], [false, true])
  func oneHoldUpIsNotSlow(length: Double, isPause: Bool) {
    for start in stride(from: 1.0, to: 12, by: 0.5) {
      var input = SimulatedInput()
      if isPause {
        input.pause = start..<start + length
      } else {
        input.heldUp = start..<start + length
      }
      for seconds in stride(from: start + 0.5, to: start + 14, by: 1.5) {
        #expect(!input.run(seconds: seconds).0.isSlow, "\(start) \(seconds)")
      }
    }
  }

  /// A source that lost 0.3 s without a word is on time again when the window has passed.
  @Test func aShortPauseIsForgotten() {
    var input = SimulatedInput()
    input.pause = 20..<20.3
    let (_, blocks) = input.run(seconds: 40)
    #expect(blocks.filter { $0.captured > 31 }.allSatisfy { $0.lateness < 0.01 })
  }

  @Test func thePausesThatAreListedAreBounded() {
    var envelope = ArrivalEnvelope()
    var position: UInt64 = 0
    var now: Int64 = 0
    for _ in 0..<2_000 {
      now += 1_000_000_000
      for _ in 0..<50 {
        envelope.observe(
          expected: ArrivalEnvelope.expected(position: position, rate: 100), at: now,
          position: position)
        position += 1
        now += 10_000_000
      }
    }
    #expect(envelope.pauses.count == 1_024)
    #expect(envelope.pauses[0].position == 50)
  }

  /// Epoch nanoseconds are as good as any others.
  @Test func stampsMayBeLarge() {
    var envelope = ArrivalEnvelope(findsPauses: false)
    let origin: Int64 = 1_700_000_000_000_000_000
    for index in 0..<1_000 as Range<Int64> {
      let late: Int64 = index % 7 == 0 ? 0 : 3_000_000
      envelope.observe(
        expected: origin + index * 20_000_000, at: 1_000 + index * 20_000_000 + late, position: 0)
    }
    let arrival = envelope.arrival(expected: origin + 999 * 20_000_000)
    #expect(arrival.map { abs($0 - 1_000 - 999 * 20_000_000) < 100_000 } == true)
  }
}
