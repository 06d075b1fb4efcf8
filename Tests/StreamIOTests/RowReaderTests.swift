import Testing

@testable import StreamIO

/// What a line says of its sample: values and the exact ns of its stamp.
@Suite struct RowReaderTests {
  @Test func stampsAreExactNanoseconds() throws {
    let csv = try LineSteps("x,time\n1,1700000000.123456789\n1, \"0.0000000005\"\n1,-2e-3\n", .csv)
    #expect(csv.times == [1_700_000_000_123_456_789, 1, -2_000_000])
    #expect(csv.error == nil)
    let ndjson = try LineSteps(
      "{\"time\":1700000000.123456789,\"values\":[1]}\n{\"values\":[1],\"time\": 0.02}\n", .ndjson)
    #expect(ndjson.times == [1_700_000_000_123_456_789, 20_000_000])
    #expect(ndjson.error == nil)
  }

  @Test func datesAreNanosecondsOfUnixTime() throws {
    let csv = try LineSteps(
      "time,x\n2026-01-01T00:00:01.020Z,1\n\"2026-01-01 01:00:01,04+01:00\",1\n", .csv)
    #expect(csv.times == [1_767_225_601_020_000_000, 1_767_225_601_040_000_000])
    #expect(csv.error == nil)
    #expect(csv.notes == [])
    let ndjson = try LineSteps(
      "{\"time\": \"2026-01-01T00:00:01.020\" ,\"values\":[1]}\n", .ndjson)
    #expect(ndjson.times == [1_767_225_601_020_000_000])
    #expect(ndjson.error == nil)
  }

  @Test(arguments: [
    (
      "10000000000",
      "line 2, column time: \"10000000000\" in seconds is beyond the 292 years "
        + "that a time can span"
    ),
    ("1e999", "line 2, column time: \"1e999\" is too large for a number of 64 bits"),
    (
      "9999-01-01T00:00:00Z",
      "line 2, column time: \"9999-01-01T00:00:00Z\" is out of range, "
        + "expected a year from 1678 to 2261"
    ),
    (
      "2026-02-30T00:00:00Z",
      "line 2, column time: \"2026-02-30T00:00:00Z\" where a finite number was expected"
    ),
  ])
  func aStampThatDoesNotFitIsAnErrorOfItsLine(stamp: String, sentence: String) throws {
    let steps = try LineSteps("time,x\n\(stamp),1\n", .csv, LineOptions(timeUnit: .s))
    #expect(steps.error == "pipe: \(sentence)")
  }

  @Test(arguments: [
    ("10000000000", ", byte 9: a time in seconds beyond the 292 years that it can span"),
    ("1e999", ", byte 9: a number too large for 64 bits"),
    ("\"9999-01-01T00:00:00Z\"", ", byte 9: a year out of range, expected 1678 to 2261"),
    ("\"soon\"", ", byte 9: \"\"soon\",\"values\":[1]}\", expected a number"),
    (
      "\"2026-01-01T00:00:00Z",
      ", byte 9: \"\"2026-01-01T00:00:00Z,\"values\":[1]}\", expected a number"
    ),
  ])
  func theSameInNDJSON(stamp: String, sentence: String) throws {
    let line = "{\"time\":\(stamp),\"values\":[1]}\n"
    let steps = try LineSteps(line, .ndjson, LineOptions(timeUnit: .s))
    #expect(steps.error == "pipe: line 1\(sentence)")
  }
}
