import LaneRunner
import StreamIO
import TestLanes
import Testing

@testable import Experiments

/// Loads that a machine cannot hold are refused in words, before anything is allocated.
@Suite("Measure: memory")
struct MeasureMemoryTests {
  @Test("Too many streams are refused, with what they need and how many fit")
  func refused() throws {
    let lane = try GoldenModels.transformer()
    let one = MeasureMemory.bytes(of: lane, streams: 2) / 2
    let available = 1_000 * one
    try MeasureMemory.check([lane], streams: 1_000, available: available)
    let error = #expect(throws: SourceError.self) {
      try MeasureMemory.check([lane], streams: 65_536, available: available)
    }
    #expect(error?.kind == .memory)
    #expect(error?.exitCode == 71)
    let message = try #require(error?.message)
    #expect(message.hasPrefix("65536 streams of transformer need "))
    #expect(message.hasSuffix(": expected at most 1000 streams"))
  }

  @Test("A load's initialiser refuses it")
  func refusedByRun() throws {
    var huge = FakeModel { _, _ in }
    huge.stateBytesPerStream = 1 << 40
    let error = #expect(throws: SourceError.self) {
      _ = try MeasureRun(
        lanes: [huge.lane()], input: .random(seed: 1), options: MeasureOptions(streams: 65_536))
    }
    #expect(error?.kind == .memory)
  }

  @Test("Front ends and what a choice of calls keeps are counted")
  func counted() throws {
    let lane = try GoldenModels.lstm()
    let state = lane.model.stateBytes(streams: 1)
    #expect(MeasureMemory.bytes(of: lane, streams: 100) > 100 * (3 * state + 2_200 * 4))
    #expect(
      MeasureMemory.mostStreams(of: lane, available: 1 << 30)
        < (1 << 30) / 2 / (3 * state + 2_200 * 4))
    #expect(MeasureMemory.available > 1 << 20)
  }
}
