import PlainText
import TestRecords
import Testing

@testable import LatencyLog

@Suite struct FrameLogEncoderTests {
  static let onTime = FrameRecord(
    lane: 0, frame: 0, position: 399, arrival: 25_000_000, frontEndStart: 25_000_010,
    frontEndEnd: 25_009_010, modelStart: 25_009_210, modelEnd: 25_040_210, emission: 25_040_215)
  static let late = FrameRecord(
    lane: 1, frame: 18_446_744_073_709_551_615, position: 18_446_744_073_709_551_614,
    arrival: 9_223_372_036_844_775_806, frontEndStart: 9_223_372_036_844_775_806,
    frontEndEnd: 9_223_372_036_844_775_806, modelStart: 9_223_372_036_844_775_806,
    modelEnd: 9_223_372_036_854_775_807, emission: 9_223_372_036_854_775_807)

  static func lines(
    _ format: FrameLogFormat, _ records: [FrameRecord], names: [String] = ["lstm", "b"],
    clock: RunClock = .virtual
  ) -> String {
    let encoder = FrameLogEncoder(format, lanes: names.map { sampleLane($0) }, clock: clock)
    var bytes: [UInt8] = []
    encoder.appendHeader(to: &bytes)
    for record in records { encoder.append(record, to: &bytes) }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func ndjson() {
    #expect(
      Self.lines(.ndjson, [Self.onTime, Self.late]) == """
        {"lane":"lstm","frame":0,"position":399,"arrival_ns":25000000,"queue_ns":10,\
        "front_end_ns":9000,"buffering_ns":200,"model_ns":31000,"emit_ns":5,"response_ns":40215,\
        "missed":false,"clock":"virtual"}
        {"lane":"b","frame":18446744073709551615,"position":18446744073709551614,\
        "arrival_ns":9223372036844775806,"queue_ns":0,"front_end_ns":0,"buffering_ns":0,\
        "model_ns":10000001,"emit_ns":0,"response_ns":10000001,"missed":true,"clock":"virtual"}

        """)
  }

  @Test func csv() {
    var dropped = Self.onTime
    dropped.dropped = true
    #expect(
      Self.lines(.csv, [Self.onTime, Self.late, dropped], clock: .monotonic) == """
        lane,frame,position,arrival_ns,queue_ns,front_end_ns,buffering_ns,model_ns,emit_ns,\
        response_ns,missed,clock,dropped,gap
        lstm,0,399,25000000,10,9000,200,31000,5,40215,0,monotonic,0,0
        b,18446744073709551615,18446744073709551614,9223372036844775806,0,0,0,10000001,0,10000001,\
        1,monotonic,0,0
        lstm,0,399,25000000,10,9000,200,31000,5,40215,1,monotonic,1,0

        """)
  }

  @Test func ofSeveralInputsALineBeginsWithItsOwn() throws {
    func text(_ format: FrameLogFormat) -> String {
      let encoder = FrameLogEncoder(
        format, lanes: [sampleLane("lstm")], clock: .virtual, input: "a, b.wav")
      var bytes: [UInt8] = []
      encoder.appendHeader(to: &bytes)
      encoder.append(Self.onTime, to: &bytes)
      encoder.append(Stretch(start: 5, length: 2), began: 7, to: &bytes)
      return String(decoding: bytes, as: UTF8.self)
    }
    #expect(
      text(.ndjson) == """
        {"input":"a, b.wav","lane":"lstm","frame":0,"position":399,"arrival_ns":25000000,\
        "queue_ns":10,"front_end_ns":9000,"buffering_ns":200,"model_ns":31000,"emit_ns":5,\
        "response_ns":40215,"missed":false,"clock":"virtual"}
        {"input":"a, b.wav","lane":null,"position":5,"arrival_ns":7,"clock":"virtual","gap":2}

        """)
    #expect(
      text(.csv) == """
        input,lane,frame,position,arrival_ns,queue_ns,front_end_ns,buffering_ns,model_ns,emit_ns,\
        response_ns,missed,clock,dropped,gap
        "a, b.wav",lstm,0,399,25000000,10,9000,200,31000,5,40215,0,virtual,0,0
        "a, b.wav",,,5,7,,,,,,,,virtual,,2

        """)
    // Frames of several inputs are no run of one lane.
    let line = try #require(text(.ndjson).split(separator: "\n").first)
    let defect = #expect(throws: FileDefect.self) {
      try FrameLogDecoder(.ndjson).line(Array(line.utf8)[...])
    }
    #expect(defect?.reason == "is of several inputs, expected the log of one")
  }

  @Test func aDroppedFrameSaysSoAtTheEnd() {
    var dropped = Self.onTime
    dropped.dropped = true
    #expect(
      Self.lines(.ndjson, [dropped], clock: .monotonic)
        .hasSuffix("\"missed\":true,\"clock\":\"monotonic\",\"dropped\":true}\n"))
  }

  @Test(arguments: [
    (
      FrameLogFormat.ndjson,
      "{\"lane\":null,\"position\":16000,\"arrival_ns\":1000000500,\"clock\":\"monotonic\","
        + "\"gap\":8000}\n"
    ),
    (.csv, ",,16000,1000000500,,,,,,,,monotonic,,8000\n"),
  ])
  func aGapIsALineOfTheInput(format: FrameLogFormat, expected: String) {
    let encoder = FrameLogEncoder(format, lanes: [sampleLane("lstm")], clock: .monotonic)
    var bytes: [UInt8] = []
    encoder.append(Stretch(start: 16_000, length: 8_000), began: 1_000_000_500, to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == expected)
  }

  @Test func namesAreEscaped() {
    let name = "a\"b\\c,d\n\u{1}é"
    #expect(
      Self.lines(.ndjson, [Self.onTime], names: [name])
        .hasPrefix("{\"lane\":\"a\\\"b\\\\c,d\\n\\u0001é\",\"frame\":0,"))
    #expect(
      Self.lines(.csv, [Self.onTime], names: [name]).split(separator: "\n", maxSplits: 1)[1]
        .hasPrefix("\"a\"\"b\\c,d\n\u{1}é\",0,399,"))
  }

  @Test func theNameOfTheFileDecides() {
    #expect(FrameLogFormat(path: "a.csv") == .csv)
    #expect(FrameLogFormat(path: "dir.csv/a.CSV") == .csv)
    #expect(FrameLogFormat(path: "a.ndjson") == .ndjson)
    #expect(FrameLogFormat(path: "csv") == .ndjson)
  }
}
