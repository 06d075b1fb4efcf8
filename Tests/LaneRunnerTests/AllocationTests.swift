import CAllocationCounter
import StreamCore
import TestLanes
import Testing

@testable import LaneRunner

/// Real-time safety: nothing on the frame path allocates.
@Suite(
  "Allocations", .serialized,
  .disabled(if: allocation_counter_stands_aside() == 1, "a sanitizer has the allocator"))
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
    let lane = Lane(
      index: 0, setup: setup, grid: try setup.grid(sourceRate: 16_000),
      mixer: ChannelMixer(channels: 1), mode: .live, options: PipelineOptions(), ringSeconds: 10)
    lane.clock = clock
    #expect(lane.snapshotByteCount != nil)
    lane.makeRoomForSnapshots()
    let samples = GoldenModels.noise(16_000)
    var intake = Intake(
      schedule: ArrivalSchedule(sampleRate: 16_000), arrivals: .schedule)
    var measured = 0
    try unsafe samples.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for round in 0..<50 {
        let block = try intake.samples(count: 320, instant: nil)
        var from = unsafe base + round * 320
        let before = allocation_counter_value()
        unsafe lane.take(&from, count: 320, of: block)
        // A snapshot is the lane's own work, too.
        if round % 3 == 0 { lane.save() }
        lane.results.release()
        if round >= 5 { measured += allocation_counter_value() - before }
      }
    }
    #expect(lane.results.first != nil)
    #expect(measured == 0)
  }
}
