import CAllocationCounter
import LaneRunner
import LatencyLog
import StreamCore
import TestLanes
import Testing

@testable import Experiments

/// Many streams in one call give the bits of each stream alone.
@Suite("Measure: streams", .serialized)
struct MeasureStreamsTests {
  /// Not a multiple of the Transformer's chunk, so that the last one is short.
  static let frames = 103

  static func lane(
    _ setup: LaneSetup, _ signal: LoopedSignal, streams: Int, batch: Int
  ) -> ScheduledLane {
    ScheduledLane(
      index: 0, setup: setup, signal: signal, streams: streams, batch: batch, frames: frames,
      warmUpFrames: 100, frameRate: setup.frameRate, isVirtual: true, now: { 0 })
  }

  /// Bits of the outputs `[frame][stream, outputSize]`, and the records.
  static func results(of scheduled: ScheduledLane) -> (outputs: [[UInt32]], records: [FrameRecord])
  {
    let lane = scheduled.lane
    var outputs: [[UInt32]] = []
    var records: [FrameRecord] = []
    func drain() {
      while let record = lane.results.first {
        records.append(record)
        unsafe lane.results.take { outputs.append(unsafe $0.map(\.bitPattern)) }
      }
    }
    while scheduled.step() { drain() }
    lane.finish(at: 0)
    drain()
    return (outputs, records)
  }

  /// One stream's outputs through front end and model alone, a frame at a time.
  static func alone(_ setup: LaneSetup, _ signal: LoopedSignal, stream: Int) -> [Float] {
    var frontEnd = setup.frontEnd.makeStream()
    var model = setup.model.makeStreams(count: 1)
    var outputs: [Float] = []
    var place = signal.start(ofStream: stream)
    var frame = [Float](repeating: 0, count: setup.model.inputSize)
    var output = [Float](
      repeating: 0, count: setup.model.chunkSize * setup.model.outputSize)
    for index in 0..<frames {
      let count = index == 0 ? setup.frontEnd.window : setup.frontEnd.hop
      let samples = (0..<count).map { offset in
        unsafe signal.samples(at: (place + offset) % signal.length)[0]
      }
      place = (place + count) % signal.length
      var room = frame.mutableSpan
      _ = frontEnd.process(samples.span, into: &room)
      var outputRoom = output.mutableSpan
      let written = model.process(frame.span, into: &outputRoom)
      outputs += output[..<(written * setup.model.outputSize)]
    }
    var room = output.mutableSpan
    let written = model.finish(into: &room)
    outputs += output[..<(written * setup.model.outputSize)]
    return outputs
  }

  @Test("Every batch size, and each stream alone, bit for bit", arguments: ["lstm", "transformer"])
  func sameBits(name: String) throws {
    let setup = name == "lstm" ? try GoldenModels.lstm() : try GoldenModels.transformer()
    let signal = try setup.signal()
    let reference = Self.results(of: Self.lane(setup, signal, streams: 7, batch: 1))
    #expect(reference.outputs.count == Self.frames)
    #expect(reference.records.map(\.frame) == (0..<UInt64(Self.frames)).map { $0 })
    for batch in [2, 3, 7] {
      let other = Self.results(of: Self.lane(setup, signal, streams: 7, batch: batch))
      #expect(other.outputs == reference.outputs, "\(batch) streams a call")
    }
    let size = setup.model.outputSize
    for stream in 0..<7 {
      let own = reference.outputs.flatMap { $0[(stream * size)..<((stream + 1) * size)] }
      #expect(own == Self.alone(setup, signal, stream: stream).map(\.bitPattern))
    }
    #expect(Set(reference.outputs.last ?? []).count > 1, "the streams hear different samples")
  }

  @Test(
    "A step allocates nothing",
    .disabled(if: allocation_counter_stands_aside() == 1, "a sanitizer has the allocator"),
    arguments: ["lstm", "transformer"])
  func noAllocation(name: String) throws {
    let setup = name == "lstm" ? try GoldenModels.lstm() : try GoldenModels.transformer()
    let lane = Self.lane(setup, try setup.signal(), streams: 5, batch: 2)
    for _ in 0..<20 { _ = lane.step() }
    let before = allocation_counter_value()
    for _ in 0..<60 { _ = lane.step() }
    #expect(allocation_counter_value() == before)
    #expect(lane.frame == 80)
  }

  @Test("A recording goes round and round; a short one is refused")
  func recording() throws {
    let lane = FakeModel(TestClock()) { _, _ in 0 }.lane("lane")
    let signal = try LoopedSignal(
      .recording(
        samples: [1, 3, 5, 7, 9, 11], rate: 100, stampedRate: nil, channels: 2, channel: nil,
        name: "three"), for: lane)
    #expect(signal.length == 3)
    #expect((0..<4).map { unsafe signal.samples(at: 0)[$0] } == [2, 6, 10, 2])
    #expect(signal.start(ofStream: 0) == 0)
    #expect((0..<50).allSatisfy { (0..<3).contains(signal.start(ofStream: $0)) })
    let lstm = try GoldenModels.lstm()
    #expect(throws: (any Error).self) {
      try LoopedSignal(
        .recording(
          samples: [Float](repeating: 0, count: 399), rate: 16_000, stampedRate: nil, channels: 1,
          channel: nil, name: "short"), for: lstm)
    }
  }
}
