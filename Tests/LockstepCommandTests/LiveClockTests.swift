import Foundation
import Testing

/// `live -` in time: what was held back is late, a pause is a pause, and what is wrong is said at once.
@Suite("Contract: the clock of a live pipe", .serialized)
struct LiveClockTests {
  let space: Workspace
  private static let still =
    "Warning: standard input: has stood still for over a second; what was held back counts as late, "
    + "and a pause is listed in the summary\n"

  init() throws { space = try Workspace() }

  private func run(
    _ feed: @escaping @Sendable (InputPipe) -> Void
  ) async throws -> ProcessResult {
    var process = space.lockstep(
      ["live", "-", "--format", "s16le", "--rate", "16000"] + RunReport.options(space), feed: feed)
    process.waitsForClock = true
    return try await process.run()
  }

  private func clock() throws -> JSONDocument {
    try RunReport(space).summary.object("input").object("clock")
  }

  /// Nanoseconds by which frames arrive later than the first one's schedule says.
  private func lateArrivals() throws -> [Int] {
    let lines = try #require(RunReport(space).log["speech-lstm"])
    return lines.map { $0.arrival - lines[0].arrival - $0.frame * 10_000_000 }
  }

  @Test("1.5 s held back, then at once: late by the schedule, in every run", arguments: 0..<3)
  func heldBack(run number: Int) async throws {
    let bytes = Sound.bytes(Sound.samples(16_000 * 4))
    let result = try await run { pipe in
      pipe.write(bytes, bytesPerSecond: 32_000) { if $0 == 2 { usleep(1_500_000) } }
    }
    #expect(result.exitCode == 0)
    #expect(result.errors == Self.still)
    let report = try RunReport(space)
    try report.expectSound(clock: "monotonic", received: 16_000 * 4)
    let lines = try #require(report.log["speech-lstm"])
    #expect(lines.count { $0.response > 100_000_000 } >= 130)
    #expect(try #require(lines.map(\.response).max()) >= 1_400_000_000)
    #expect(try lateArrivals().allSatisfy { $0 < 200_000_000 })
    #expect(try clock().objects("pauses").isEmpty)
  }

  @Test("A source that stood still for 1.5 s has a pause in the summary, and then no late frames")
  func paused() async throws {
    let bytes = Sound.bytes(Sound.samples(16_000 * 4))
    let result = try await run { pipe in
      pipe.write(Array(bytes.prefix(64_000)), bytesPerSecond: 32_000)
      usleep(1_500_000)
      pipe.write(Array(bytes.dropFirst(64_000)), bytesPerSecond: 32_000)
    }
    #expect(result.exitCode == 0)
    #expect(result.errors == Self.still)
    try RunReport(space).expectSound(clock: "monotonic", received: 16_000 * 4)
    let pauses = try clock().objects("pauses")
    #expect(pauses.count == 1)
    let pause = try #require(pauses.first)
    #expect(try pause.integer("position") == 32_000)
    let length = try pause.integer("length_ns")
    #expect(length >= 1_300_000_000 && length < 2_500_000_000)
    // The first 0.25 s after it and a block count as late; then arrivals are on the new schedule.
    let late = try lateArrivals()
    #expect(late[..<195].allSatisfy { abs($0) < 200_000_000 })
    #expect(late[240...].allSatisfy { abs($0 - length) < 200_000_000 })
  }

  @Test("The block size of the writer is delivery, and the rest of the queue is the lane's")
  func grains() async throws {
    let bytes = Sound.bytes(Sound.samples(16_000 * 6))
    for grain in [16_000, 3_200] {
      let result = try await run { pipe in
        let start = Date()
        for (index, first) in stride(from: 0, to: bytes.count, by: grain).enumerated() {
          if index > 0 { Thread.sleep(until: start + Double(index * grain) / 32_000) }
          pipe.write(bytes[first..<first + grain])
          if index == 0 { pipe.waitUntilRead() }
        }
      }
      result.expectSuccess()
      let lane = try RunReport(space).lane("speech-lstm")
      let delivery = try lane.object("delivery")
      let block = grain * 1_000_000_000 / 32_000
      let p50 = try delivery.integer("p50")
      #expect(p50 > block / 4 && p50 < block)
      #expect(try delivery.integer("max") >= block * 9 / 10)
      let queue = try lane.object("budget").object("queue").integer("p50")
      #expect(queue >= p50 && queue < p50 + 100_000_000)
    }
  }

  @Test("An input that is 10 % slow is said to be, once, and its rate is in the summary")
  func slow() async throws {
    let bytes = Sound.bytes(Sound.samples(16_000 * 7))
    let result = try await run { $0.write(bytes, bytesPerSecond: 28_800) }
    #expect(result.exitCode == 0)
    let lines = result.errors.split(separator: "\n")
    #expect(lines.count == 1)
    let words = try #require(lines.first).split(separator: " ")
    #expect(
      lines[0].hasPrefix("Warning: standard input: comes slower than its rate: ")
        && lines[0].hasSuffix(" samples a second instead of 16000"), "\(lines[0])")
    #expect(abs(try #require(words.compactMap { Int($0) }.first) - 14_400) < 400)
    #expect(abs(try clock().number("measured_rate") - 14_400) < 200)
    #expect(try clock().objects("pauses").isEmpty)
  }

  @Test(
    "Lines that come once a second are up to a second late, by their stamps or by their number",
    arguments: [true, false])
  func lines(areStamped: Bool) async throws {
    let text = SensorText(250)
    let csv = areStamped ? text.csv(times: SensorText.times(250)) : text.csv()
    let lines = csv.split(separator: "\n").map { $0 + "\n" }
    var process = space.lockstep(
      ["live", "-", "--format", "csv"] + RunReport.options(space)
    ) { pipe in
      pipe.write(Array(lines[0].utf8))
      let start = Date()
      for second in 0..<5 {
        Thread.sleep(until: start + Double(second + 1))
        pipe.write(Array(lines[(50 * second + 1)...(50 * second + 50)].joined().utf8))
      }
    }
    process.waitsForClock = true
    let result = try await process.run()
    #expect(result.exitCode == 0)
    let report = try RunReport(space)
    let log = try #require(report.log["activity-lstm"])
    #expect(log.count == 250)
    let responses = log.dropFirst(50).map(\.response)
    #expect(try #require(responses.max()) >= 900_000_000)
    #expect(try #require(responses.min()) < 300_000_000)
    let median = responses.sorted()[responses.count / 2]
    #expect(median > 350_000_000 && median < 800_000_000)
    // It is delivery, not backlog.
    let delivery = try report.lane("activity-lstm").object("delivery")
    #expect(try delivery.integer("p50") > 350_000_000)
    #expect(try clock().objects("pauses").isEmpty)
  }

  @Test("An input at its rate has it in the summary, and no warning")
  func onTime() async throws {
    let bytes = Sound.bytes(Sound.samples(16_000 * 6))
    let result = try await run { $0.write(bytes, bytesPerSecond: 32_000) }
    result.expectSuccess()
    #expect(abs(try clock().number("measured_rate") - 16_000) < 100)
    #expect(try clock().number("nominal_rate") == 16_000)
    #expect(try clock().objects("pauses").isEmpty)
  }
}
