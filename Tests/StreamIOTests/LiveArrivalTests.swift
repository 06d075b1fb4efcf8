import CLinux
import Foundation
import Synchronization
import TestDevices
import Testing

@testable import StreamIO

@Suite struct LiveArrivalTests {
  /// The clock and the pipe, as a test wants them: each look takes the next value.
  final class Script {
    var clocks: [Int64]
    var waiting: [Int?]
    init(clocks: [Int64], waiting: [Int?]) {
      self.clocks = clocks
      self.waiting = waiting
    }
    func measure() -> PipeDelay {
      PipeDelay.measure(
        clock: { self.clocks.removeFirst() }, waitingBytes: { self.waiting.removeFirst() })
    }
  }

  @Test func theClockIsReadAgainWhenTheLookTookTooLong() {
    let quick = Script(clocks: [0, 1_000_000], waiting: [640])
    #expect(quick.measure() == PipeDelay(instant: 0, waitingBytes: 640))
    let slow = Script(clocks: [0, 1_000_001, 2_000_000, 2_100_000], waiting: [640, 960])
    #expect(slow.measure() == PipeDelay(instant: 2_000_000, waitingBytes: 960))
    let hopeless = Script(
      clocks: [0, 500_000_000, 600_000_000, 700_000_000, 800_000_000, 900_000_000],
      waiting: [1, 2, 3])
    #expect(hopeless.measure() == PipeDelay(instant: 800_000_000, waitingBytes: 3))
    #expect(hopeless.clocks.isEmpty)
  }

  /// An event with samples: its instant, its count, and the clock before and after its read.
  struct Arrival {
    var instant: Int64
    var count: Int
    var before: Int64
    var after: Int64
  }

  /// Reads until so many samples are there.
  func arrivals(_ source: any SampleSource, samples: Int, room: Int) throws -> [Arrival] {
    var buffer = [Float](repeating: 0, count: room * source.channelCount)
    var arrivals: [Arrival] = []
    var total = 0
    while total < samples {
      let before = MonotonicClock.now()
      let event = try unsafe buffer.withUnsafeMutableBufferPointer {
        try unsafe source.read(into: $0)
      }
      if case .samples(let count, let instant) = event {
        let after = MonotonicClock.now()
        arrivals.append(
          Arrival(instant: try #require(instant), count: count, before: before, after: after))
        total += count
      } else {
        try #require(event == .idle)
      }
    }
    return arrivals
  }

  /// 200 ms of sound wait in the pipe when the first read comes: the first samples of them count as
  /// captured 200 ms before the last ones, however small the buffer is.
  @Test(arguments: [100, 320, 3200])
  func whatWaitsInThePipeIsBackDated(room: Int) throws {
    let feed = try PipeFeed([UInt8](repeating: 0, count: 6400))
    while feed.input.readableBytes != 6400 { Thread.sleep(forTimeInterval: 0.001) }
    let source = try SourceOptions(format: .raw(.s16le), rate: 16_000, isLive: true).open(
      feed.input)
    var position = 0
    let found = try arrivals(source, samples: 3200, room: room)
    for arrival in found {
      position += arrival.count
      let behind = Int64(3200 - position) * 62_500
      // The first look saw the last sample; later ones tell nothing new.
      #expect(arrival.instant >= found[0].before - behind)
      #expect(arrival.instant <= found[0].after - behind)
    }
    #expect(position == 3200)
  }

  /// Blocks of 20 ms that are written 60 ms apart: from the second on they are late by the schedule.
  @Test func blocksThatComeLateArriveByTheSchedule() throws {
    let next = DispatchSemaphore(value: 0)
    let steps = (0..<4).flatMap { _ in
      [PipeFeed.Step.wait(next), .write([UInt8](repeating: 0, count: 640))]
    }
    let source = try SourceOptions(format: .raw(.s16le), rate: 16_000, isLive: true).open(
      PipeFeed(steps: steps).input)
    var first: Int64?
    for index in 0..<4 as Range<Int64> {
      Thread.sleep(forTimeInterval: 0.06)
      let start = MonotonicClock.now()
      next.signal()
      let found = try arrivals(source, samples: 320, room: 4096)
      #expect(found.count == 1)
      #expect(found[0].count == 320)
      if first == nil { #expect(found[0].instant >= start) }
      #expect(found[0].instant <= found[0].after)
      let begin = first ?? found[0].instant
      first = begin
      #expect(found[0].instant == begin + index * 20_000_000)
    }
    #expect(source.clock.pauses.isEmpty)
  }

  /// A pipe whose writer is far ahead: the stamps stay in order although back-dating from the
  /// second look would put samples before the first.
  @Test func instantsNeverGoBack() throws {
    let feed = try PipeFeed([UInt8](repeating: 0, count: 400_000))
    let source = try SourceOptions(format: .raw(.s16le), rate: 16_000, isLive: true).open(
      feed.input)
    let found = try arrivals(source, samples: 200_000, room: 1000)
    #expect(zip(found, found.dropFirst()).allSatisfy { $0.instant <= $1.instant })
  }

  /// The writer holds a line back half way: it counts as arrived when its end came.
  @Test func aLineArrivesWhenItIsComplete() throws {
    let next = DispatchSemaphore(value: 0)
    let steps: [PipeFeed.Step] = [
      .write(Array("[1]\n[2".utf8)), .wait(next), .write(Array("]\n[3]\n".utf8)),
    ]
    let source = try SourceOptions(format: .ndjson, rate: 50, isLive: true).open(
      PipeFeed(steps: steps).input)
    let first = try arrivals(source, samples: 1, room: 100)
    let start = MonotonicClock.now()
    #expect(first[0].instant <= start)
    next.signal()
    let rest = try arrivals(source, samples: 2, room: 100)
    #expect(rest.map(\.count) == [1, 1])
    #expect(rest[0].instant >= start)
    #expect(rest[1].instant == rest[0].instant)
  }

  @Test(arguments: [SourceFormat.raw(.s16le), .raw(.f32le), .sound, .csv, .ndjson], [false, true])
  func aSilentPipeIsIdleUntilItEnds(format: SourceFormat, isLive: Bool) throws {
    let done = DispatchSemaphore(value: 0)
    let start: [SourceFormat: [UInt8]] = [
      .sound: SoundBytes.wav([1], claimed: 0), .csv: Array("a\n1\n".utf8),
      .ndjson: Array("[1]\n".utf8), .raw(.s16le): [1, 0], .raw(.f32le): [0, 0, 0, 0],
    ]
    let feed = try PipeFeed(steps: [.write(start[format] ?? []), .wait(done)])
    let source = try SourceOptions(format: format, rate: 50, isLive: isLive).open(feed.input)
    try awaitSamples(source)
    var buffer: [Float] = [0]
    func read() throws -> SourceEvent {
      try unsafe buffer.withUnsafeMutableBufferPointer { try unsafe source.read(into: $0) }
    }
    let before = MonotonicClock.now()
    #expect(try read() == .idle)
    #expect(try read() == .idle)
    #expect(MonotonicClock.now() - before >= 90_000_000)
    done.signal()
    var event = SourceEvent.idle
    while event == .idle { event = try read() }
    #expect(event == .end)
    #expect(try read() == .end)
  }

  /// Reads until the first sample is there.
  func awaitSamples(_ source: any SampleSource) throws {
    var buffer: [Float] = [0]
    while true {
      let event = try unsafe buffer.withUnsafeMutableBufferPointer {
        try unsafe source.read(into: $0)
      }
      if case .samples = event { return }
      try #require(event == .idle)
    }
  }

  @Test func thePipeIsEnlarged() throws {
    let feed = try PipeFeed([1, 2])
    _ = try SourceOptions(format: .raw(.s16le), rate: 1, isLive: true).open(feed.input)
    let limit = try String(contentsOfFile: "/proc/sys/fs/pipe-max-size", encoding: .utf8)
    let allowed = try #require(Int(limit.trimmingCharacters(in: .whitespacesAndNewlines)))
    if allowed >= 1 << 20 { #expect(clinux_pipe_size(feed.input.number) == 1 << 20) }
  }

  @Test func openingStopsWhenItIsTold() throws {
    for format in [SourceFormat.sound, .csv, .ndjson] {
      let done = DispatchSemaphore(value: 0)
      defer { done.signal() }
      let feed = try PipeFeed(steps: [.write([0x52]), .wait(done)])
      let looks = Atomic(0)
      #expect(throws: SourceError(.stopped, "pipe: stopped while it was being opened")) {
        try SourceOptions(format: format).open(feed.input) {
          looks.add(1, ordering: .relaxed).newValue == 3
        }
      }
    }
  }
}
