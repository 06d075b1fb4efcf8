import CAllocationCounter
import Foundation
import LatencyLog
import StreamCore
import StreamIO
import TestLanes
import Testing

@testable import LaneRunner

/// A twin by itself: what it is refused for, what it takes, and what becomes of frames that it
/// misses.
@Suite("Twins: limits", .serialized)
struct TwinTests {
  static func twin(keeps: Float, periodFrames: Int, framesBehind: Int) throws -> Twin {
    let setup = RecursiveModel(keeps: keeps).lane()
    return Twin(
      of: setup.model, grid: try setup.grid(sourceRate: 100), periodFrames: periodFrames,
      framesBehind: framesBehind)
  }

  /// Hands over frames of ones with the outputs of a lane that adds them up.
  static func give(_ frames: Range<UInt64>, to twin: Twin) {
    for frame in frames {
      let (value, sum): (Float, Float) = (1, Float(frame) + 1)
      unsafe withUnsafePointer(to: value) { values in
        unsafe withUnsafePointer(to: sum) { outputs in
          unsafe twin.give(frame, values, outputs: outputs, count: 1, from: frame)
        }
      }
    }
  }

  @Test("A twin that is too far behind loses frames, and begins anew after them")
  func losses() throws {
    let twin = try Self.twin(keeps: 1, periodFrames: 5, framesBehind: 20)
    Self.give(0..<12, to: twin)
    twin.catchUp()
    // Room for twenty of 28 frames, the last of which are in a period that is cut.
    Self.give(12..<40, to: twin)
    twin.catchUp()
    #expect(twin.summary.lostFrames == 8)
    #expect(twin.summary.periods == 5)
    Self.give(40..<49, to: twin)
    twin.catchUp()
    // From 40 on the lane may be as new; the period from 45 on is not whole.
    #expect(twin.summary.periods == 5)
    Self.give(49..<50, to: twin)
    twin.close()
    twin.serve()
    #expect(twin.summary.periods == 6)
    #expect(twin.summary.difference.first == 5 && twin.summary.difference.last == 45)
  }

  @Test("A period without an output is refused, whatever the lane waits for")
  func shortPeriods() throws {
    func refusal(_ lane: LaneSetup, _ period: Int64) throws -> SourceError? {
      var lane = lane
      lane.twinPeriod = period
      let source = TestSource([.samples([0])], sampleRate: lane.frontEnd.sampleRate)
      do throws(SourceError) {
        _ = try Pipeline(
          source: source, mode: .live, lanes: [lane], options: PipelineOptions())
        return nil
      } catch {
        return error
      }
    }
    let chunks = try refusal(GoldenModels.transformer(), 39_999_999)
    #expect(chunks?.kind == .usage)
    #expect(
      chunks?.message
        == "--twin: 39.999999 ms is shorter than the 40 ms after which lane transformer gives "
        + "outputs, expected at least that")
    #expect(try refusal(GoldenModels.transformer(), 40_000_000) == nil)
    #expect(try refusal(RecursiveModel(keeps: 1, lookAhead: 2).lane(), 29_000_000) != nil)
    #expect(try refusal(RecursiveModel(keeps: 1, lookAhead: 2).lane(), 30_000_000) == nil)
    #expect(try refusal(GoldenModels.lstm(), .max) == nil)
  }

  @Test("The state of a twin counts towards the memory limit, its weights do not")
  func memory() throws {
    var lane = try GoldenModels.lstm()
    let alone = LaneMemory.sum([lane])
    lane.twinPeriod = 1_000_000_000
    #expect(LaneMemory.sum([lane]) == alone + lane.model.stateBytes())
  }

  @Test(
    "A lane that hands over to a twin allocates nothing",
    .disabled(if: allocation_counter_stands_aside() == 1, "a sanitizer has the allocator"),
    arguments: ["lstm", "transformer"])
  func allocations(name: String) throws {
    var setup = name == "lstm" ? try GoldenModels.lstm() : try GoldenModels.transformer()
    setup.twinPeriod = 100_000_000
    let lane = Lane(
      index: 0, setup: setup, grid: try setup.grid(sourceRate: 16_000),
      mixer: ChannelMixer(channels: 1), mode: .live, options: PipelineOptions(), ringSeconds: 10)
    let twin = try #require(lane.twin)
    let samples = GoldenModels.noise(16_000)
    var intake = Intake(schedule: ArrivalSchedule(sampleRate: 16_000), arrivals: .schedule)
    var measured = 0
    try unsafe samples.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for round in 0..<50 {
        let block = try intake.samples(count: 320, instant: nil)
        var from = unsafe base + round * 320
        let before = allocation_counter_value()
        unsafe lane.take(&from, count: 320, of: block)
        if round >= 5 { measured += allocation_counter_value() - before }
      }
    }
    twin.catchUp()
    #expect(measured == 0)
    #expect(twin.summary.periods > 5 && twin.summary.lostFrames == 0)
  }

  @Test("A run that goes on from a snapshot begins its twins there")
  func snapshots() throws {
    func lanes(twins: Bool) throws -> [LaneSetup] {
      var lanes = try SnapshotRunTests.lanes()
      if twins { for index in lanes.indices { lanes[index].twinPeriod = 200_000_000 } }
      return lanes
    }
    let mode = Pipeline.Mode.replay(.max(factor: 1))
    let whole = try SnapshotFolder()
    _ = try whole.run(
      SnapshotRunTests.source(), lanes: lanes(twins: false), mode: mode, .init(takes: false),
      standingClock: true)
    let folder = try SnapshotFolder()
    // In the middle of a chunk.
    let first = try folder.run(
      SnapshotRunTests.source(), lanes: lanes(twins: true), mode: mode, .init(stopFrame: 77),
      standingClock: true)
    #expect(first.isAtStop)
    let second = try folder.run(
      SnapshotRunTests.source(), lanes: lanes(twins: true), mode: mode, .init(resumes: true),
      standingClock: true)
    #expect(second.refusal == nil)
    for name in SnapshotRunTests.files {
      #expect(try folder.bytes(name) == whole.bytes(name), "\(name)")
    }
    #expect(second.summary.lanes.allSatisfy { $0.twin?.periods ?? 0 > 0 })
  }
}
