import Foundation
import TestRecords
import Testing

@testable import LatencyLog

@Suite struct TraceEncoderTests {
  /// What a trace viewer reads of an event.
  struct Event: Decodable, Equatable {
    struct Arguments: Decodable, Equatable {
      var name: String?
      var frame: UInt64?
      var index: UInt64?
    }

    var ph: String
    var name: String
    var pid: Int
    var tid: Int
    var ts: Double?
    var dur: Double?
    var s: String?
    var args: Arguments
  }

  func events(_ append: (TraceEncoder, inout [UInt8]) -> Void) throws -> [Event] {
    let lanes = [sampleLane("lstm"), sampleLane("a \"b\"")]
    let encoder = TraceEncoder(lanes: lanes)
    var bytes: [UInt8] = []
    encoder.appendHeader(lanes: lanes, to: &bytes)
    append(encoder, &bytes)
    encoder.appendEnd(to: &bytes)
    return try JSONDecoder().decode([Event].self, from: Data(bytes))
  }

  @Test func everyTrackHasItsName() throws {
    let events = try events { _, _ in }
    #expect(events.allSatisfy { $0.ph == "M" && $0.pid == 1 })
    #expect(events.first?.name == "process_name")
    #expect(events.first?.args.name == "lockstep")
    let tracks = events.filter { $0.name == "thread_name" }
    #expect(tracks.map(\.tid) == [2, 3, 4])
    #expect(tracks.map(\.args.name) == ["input", "lstm", "a \"b\""])
  }

  @Test func aFrameIsASliceForEachOfItsCalls() throws {
    var record = sampleRecord(7, queue: 250, frontEnd: 9_000, buffering: 1_000, model: 31_000)
    record.lane = 1
    let slices = try events { $0.append(record, to: &$1) }.filter { $0.ph == "X" }
    #expect(slices.map(\.name) == ["front end", "model"])
    #expect(slices.map(\.tid) == [4, 4])
    #expect(slices.map(\.ts) == [80_000.25, 80_010.25])
    #expect(slices.map(\.dur) == [9, 31])
    #expect(slices.map(\.args.frame) == [7, 7])
  }

  @Test func onlyTheLastFrameOfAChunkShowsItsModelCall() throws {
    let record = sampleRecord(7, endsCall: false)
    let slices = try events { $0.append(record, to: &$1) }.filter { $0.ph == "X" }
    #expect(slices.map(\.name) == ["front end"])
  }

  @Test func missesDropsAndGapsAreInstants() throws {
    let instants = try events { encoder, bytes in
      encoder.append(sampleRecord(7, queue: 10_000_000, model: 1_000), to: &bytes)
      encoder.append(sampleRecord(8, model: 0, dropped: true), to: &bytes)
      encoder.append(sampleRecord(9), to: &bytes)
      encoder.append(Stretch(start: 1_600, length: 80), began: 100_000_500, to: &bytes)
    }.filter { $0.ph == "i" }
    #expect(instants.map(\.name) == ["miss", "drop", "gap of 80 samples"])
    #expect(instants.map(\.tid) == [3, 3, 2])
    #expect(instants.map(\.ts) == [90_001, 90_000, 100_000.5])
    #expect(instants.map(\.args.index) == [7, 8, 1_600])
    #expect(instants.allSatisfy { $0.s == "t" })
  }
}
