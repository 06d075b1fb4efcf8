import LatencyLog
import Testing

@testable import Reporting

@Suite struct SlowestMomentTests {
  private static func record(_ frame: UInt64, response: Int64, dropped: Bool = false) -> FrameRecord
  {
    FrameRecord(
      lane: 0, frame: frame, position: frame, arrival: 0, frontEndStart: 0, frontEndEnd: 0,
      modelStart: 0, modelEnd: response, emission: response, dropped: dropped)
  }

  @Test("The slowest frame with its neighbours on both sides")
  func middle() {
    var moment = SlowestMoment()
    for frame in UInt64(0)..<1_000 {
      moment.add(Self.record(frame, response: frame == 500 ? 9_000 : 10))
    }
    #expect(moment.slowest?.frame == 500)
    #expect(moment.frames.map(\.frame) == Array(460...540))
  }

  @Test("A later, slower one takes its place; a dropped one never does")
  func later() {
    var moment = SlowestMoment()
    for frame in UInt64(0)..<100 {
      moment.add(
        Self.record(frame, response: frame == 20 ? 50 : frame == 50 ? 60 : 1, dropped: false))
    }
    moment.add(Self.record(100, response: 1_000, dropped: true))
    #expect(moment.slowest?.frame == 50)
    #expect(moment.frames.map(\.frame) == Array(10...90))
  }

  @Test("At the beginning and the end of a run there are fewer")
  func edges() {
    var moment = SlowestMoment()
    #expect(moment.frames.isEmpty)
    for frame in UInt64(7)..<10 { moment.add(Self.record(frame, response: 5)) }
    #expect(moment.slowest?.frame == 7)
    #expect(moment.frames.map(\.frame) == [7, 8, 9])
  }

  @Test("What lies beyond a gap is no neighbour, on either side")
  func gap() {
    var moment = SlowestMoment()
    let numbers = Array(UInt64(0)..<100) + Array(5_000..<5_020) + Array(9_000_000..<9_000_100)
    for frame in numbers { moment.add(Self.record(frame, response: frame == 5_003 ? 50 : 1)) }
    #expect(moment.slowest?.frame == 5_003)
    #expect(moment.frames.map(\.frame) == Array(5_000..<5_020))
  }
}
