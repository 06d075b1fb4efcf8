import CAllocationCounter
import LatencyLog
import StreamCore
import Testing

@testable import LaneRunner

/// Real-time safety: nothing on the frame path allocates.
@Suite("Allocations", .serialized)
struct AllocationTests {
  @Test("The counter counts")
  func counterCounts() {
    let before = allocation_counter_value()
    let array = [Int](repeating: before, count: 1_000 + before % 2)
    #expect(allocation_counter_value() > before)
    #expect(array.count >= 1_000)
  }

  @Test("A lane's step, from samples to commit", arguments: ["lstm", "transformer"])
  func laneStep(name: String) throws {
    let setup = name == "lstm" ? try GoldenModels.lstm() : try GoldenModels.transformer()
    let clock = LaneClock(isVirtual: false, start: 0) { 0 }
    let lane = try Lane(
      index: 0, setup: setup, source: TestSource([], sampleRate: 16_000), sourceRate: 16_000,
      options: RunOptions(mode: .live), ringSeconds: 10)
    lane.clock = clock
    let samples = GoldenModels.noise(16_000)
    var intake = Intake(
      schedule: ArrivalSchedule(sampleRate: 16_000), arrivals: .schedule)
    var measured = 0
    unsafe samples.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for round in 0..<50 {
        let block = intake.samples(count: 320, instant: nil)
        let before = allocation_counter_value()
        unsafe lane.consume(base + round * 320, count: 320, of: block)
        if round >= 5 { measured += allocation_counter_value() - before }
      }
    }
    #expect(lane.results.first != nil)
    #expect(measured == 0)
  }
}
