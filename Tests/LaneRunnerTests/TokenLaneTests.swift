import LatencyLog
import StreamCore
import Testing

@testable import LaneRunner

/// Tokens of one lane's records, as the writer reads them.
@Suite("Tokens of a lane")
struct TokenLaneTests {
  /// Windows of 400 samples every 160 at 16 kHz.
  private struct Windows: FrontEnd {
    let sampleRate = 16_000
    let channels = 1
    let window = 400
    let hop = 160
    let frameSize = 1

    func makeStream() -> AnyFrameProcessor {
      preconditionFailure("records come without a front end")
    }
  }

  private static func record(_ frame: UInt64, endsCall: Bool = true, dropped: Bool = false)
    -> FrameRecord
  {
    var record = FrameRecord(
      lane: 3, frame: frame, position: 399 + 160 * frame, arrival: 0, frontEndStart: 0,
      frontEndEnd: 0, modelStart: 0, modelEnd: 0, emission: 0, endsCall: endsCall, dropped: dropped)
    record.time = Double(160 * frame + 400) / 16_000
    return record
  }

  private static func lane(beam: Int = 1, lookAhead: Double = 0) -> TokenLane {
    TokenLane(
      lane: 3, options: CTCOptions(blank: 0, beam: beam), frontEnd: Windows(), outputCount: 3,
      lookAhead: lookAhead)
  }

  /// `label@frame known at its frame, emitted`
  private static func text(_ token: TokenRecord) -> String {
    "\(token.output)@\(token.frame) by \(token.known.frame), \(token.emitted)"
  }

  private static let outputs: [[Float]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]

  @Test("Tokens of a chunk come with its last frame, and what a resampler waits for")
  func chunks() {
    var lane = Self.lane(lookAhead: 0.5)
    var given: [String] = []
    var begins: [Double] = []
    for (frame, label) in [0, 1, 1, 2, 2, 0, 2, 0].enumerated() {
      let ends = frame % 4 == 3
      let output = Self.outputs[label]
      lane.take(
        Self.record(UInt64(frame), endsCall: ends), output: output.span
      ) { token in
        given.append("\(frame): " + Self.text(token))
        begins.append(token.begins)
        #expect(token.lane == 3 && token.position == UInt64(399 + 160 * frame))
        #expect(token.time == Double(160 * token.frame + 400) / 16_000)
      }
    }
    // Frame 3 ends after 880 samples, frame 7 after 1,520.
    #expect(
      given == ["3: 1@1 by 1, 0.555", "3: 2@3 by 3, 0.555", "7: 2@6 by 6, 0.595"])
    // A hop around the centre of the window: from 120 samples after its begin.
    let starts: [Double] = [280, 600, 1_080]
    #expect(begins == starts.map { $0 / 16_000 })
  }

  @Test(
    "A dropped frame, and one after a gap, part tokens; a search gives what it held",
    arguments: [1, 4])
  func dropsAndGaps(beam: Int) {
    var lane = Self.lane(beam: beam)
    var given: [String] = []
    func take(_ frame: UInt64, dropped: Bool = false) {
      let empty: [Float] = []
      let output = dropped ? empty : Self.outputs[1]
      lane.take(Self.record(frame, dropped: dropped), output: output.span) {
        given.append("\($0.output)@\($0.frame)")
      }
    }
    take(0)
    take(1)
    take(2, dropped: true)
    take(3)
    take(200)
    lane.finish { given.append("\($0.output)@\($0.frame)") }
    lane.finish { _ in Issue.record("nothing is left") }
    #expect(given == ["1@0", "1@3", "1@200"])
  }
}
