import LatencyLog
import StreamIO
import TestLanes
import Testing

@testable import LaneRunner

@Suite("Gaps")
struct GapTests {
  static let samples = GoldenModels.noise(32_000)

  @Test("Up to a second a gap is zeros")
  func shortGap() throws {
    let lanes = [try GoldenModels.lstm(), try GoldenModels.transformer()]
    let withGap = try finishedRun(
      TestSource(
        [.samples(Array(Self.samples[..<10_000])), .gap(6_000), .samples(Self.samples)],
        sampleRate: 16_000), lanes: lanes)
    let zeros = try finishedRun(
      TestSource(
        [.samples(Self.samples[..<10_000] + [Float](repeating: 0, count: 6_000) + Self.samples)],
        sampleRate: 16_000), lanes: lanes)
    #expect(withGap.outputs == zeros.outputs)
    let summary = withGap.result.summary
    #expect(summary.input.gaps == [Stretch(start: 10_000, length: 6_000)])
    #expect(summary.input.received == 42_000)
    for lane in summary.lanes { #expect(lane.totals.consumed + lane.totals.tail == 42_000) }
  }

  @Test(
    "A gap is an instant of the trace, and live a line of the log",
    arguments: [
      Pipeline.Mode.replay(.max(factor: 1)), .replay(.realtime(factor: 100)), .live,
    ])
  func listed(mode: Pipeline.Mode) throws {
    let source = TestSource(
      [.samples(Array(Self.samples[..<8_000])), .gap(6_000), .samples(Self.samples), .gap(500)],
      sampleRate: 16_000)
    let run = try finishedRun(source, lanes: [try GoldenModels.lstm()], mode: mode)
    let instants = run.trace.split(separator: "\n").filter { $0.contains("\"name\":\"gap of") }
    #expect(instants.count == 2)
    #expect(instants.first?.contains("gap of 6000 samples") == true)
    #expect(instants.last?.contains("gap of 500 samples") == true)
    let lines = run.log.split(separator: "\n").filter { $0.hasPrefix("{\"lane\":null") }
    guard mode == .live else {
      #expect(lines.isEmpty)
      return
    }
    #expect(
      lines == [
        "{\"lane\":null,\"position\":8000,\"arrival_ns\":500000000,\"clock\":\"monotonic\","
          + "\"gap\":6000}",
        "{\"lane\":null,\"position\":46000,\"arrival_ns\":2875000000,\"clock\":\"monotonic\","
          + "\"gap\":500}",
      ])
  }

  @Test("What comes after a sleep of the machine has not come in the future")
  func sleep() throws {
    var intake = Intake(
      schedule: ArrivalSchedule(sampleRate: 1_000), arrivals: .capture(start: 7_000_000))
    _ = try intake.samples(count: 100, instant: 107_000_000)
    // Eight hours, during which the clock stood still.
    let gap = try intake.gap(length: 28_800_000, now: 103_000_000)
    #expect(gap.newest == 103_000_000)
    #expect(gap.arrival(of: 100) == 100_000_000)
    let after = try intake.samples(count: 5, instant: 112_000_000)
    #expect(after.position == 28_800_100)
    #expect(after.newest == 105_000_000)
    // A loss that the clock saw ends when its samples would have come, however late it came to light.
    #expect(try intake.gap(length: 50, now: 900_000_000).newest == 155_000_000)
  }

  @Test("Live, frames after a sleep of the machine keep their response times")
  func liveSleep() throws {
    let source = TestSource(
      [.samples(Self.samples), .gap(8 * 3_600 * 16_000), .samples(Self.samples)],
      sampleRate: 16_000, isStamped: true)
    let run = try finishedRun(source, lanes: [try GoldenModels.lstm()], mode: .live)
    let lane = try #require(run.result.summary.lanes.first)
    #expect(lane.frames == 2 * 198)
    #expect(lane.clockAdjusted == 0)
  }

  private static func values(_ lines: [String]) -> [Float] {
    lines.compactMap { Float($0.split(separator: "[")[1].dropLast(2)) }
  }

  @Test("After a longer gap streams begin anew at the true position")
  func longGap() throws {
    let lanes = [try GoldenModels.lstm(), try GoldenModels.transformer()]
    let before = Array(Self.samples[..<10_000])
    let run = try finishedRun(
      TestSource([.samples(before), .gap(40_000), .samples(Self.samples)], sampleRate: 16_000),
      lanes: lanes)
    // The last hop and chunk boundary before sample 50,000 is 312 hops in; zeros from there.
    let after = try finishedRun(
      TestSource(
        [.samples([Float](repeating: 0, count: 50_000 - 49_920) + Self.samples)],
        sampleRate: 16_000), lanes: lanes)
    let alone = try finishedRun(TestSource([.samples(before)], sampleRate: 16_000), lanes: lanes)
    for name in ["lstm", "transformer"] {
      let lines = run.outputLines(of: name)
      let head = alone.outputLines(of: name)
      #expect(Array(lines.prefix(head.count)) == head)
      let outputs = Self.values(Array(lines.dropFirst(head.count)))
      let expected = Self.values(after.outputLines(of: name))
      #expect(outputs.count == expected.count)
      // Rotary phases differ with the absolute position, so that a Transformer's last bits do.
      let largest = zip(outputs, expected).map { abs($0 - $1) }.max()
      #expect(try #require(largest) <= (name == "lstm" ? 0 : 1e-5))
      #expect(lines[head.count].contains("\"frame\":312,\"time\":3.145,"))
    }
    for lane in run.result.summary.lanes {
      #expect(lane.totals.consumed + lane.totals.tail == 42_000)
    }
  }
}
