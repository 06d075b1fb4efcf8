import Testing

@testable import StreamIO

/// Which column or key is the time, and in which unit.
@Suite struct TimeColumnTests {
  @Test(
    arguments: [
      ("Time", nil), ("TIME", nil), ("timestamp", nil), ("TimeStamp", nil), ("t", nil),
      ("%time", nil),
      ("time_s", .s), ("Time (s)", .s), ("time [ms]", .ms), ("Timestamp(us)", .us), ("t_us", .us),
      ("timestamp_ns", .ns), ("seconds_elapsed", .s), ("Seconds_Elapsed", .s), ("time seconds", .s),
      ("T_ms", .ms), ("time_(ms)", .ms), ("Time (µs)", .us), (" Time ( s ) ", .s),
    ] as [(String, TimeUnit?)])
  func likelyNames(name: String, unit: TimeUnit?) {
    #expect(TimeColumn.isLikely(name))
    #expect(TimeColumn.unit(in: name) == unit)
  }

  @Test(arguments: [
    "", "T", "x", "times", "temp_s", "Time (h)", "time_h", "ts", "s", "ms", "(s)", "_s", "%",
    "atime",
    "time,s", "runtime_ms",
  ])
  func otherNames(name: String) {
    #expect(!TimeColumn.isLikely(name))
  }

  @Test func aLikelyColumnIsTakenAndSaid() throws {
    let named = try LineSteps("Time (s),x\n0.00,1\n0.02,2\n0.04,3\n", .csv)
    #expect(named.times == [0, 20_000_000, 40_000_000])
    #expect(named.notes == ["pipe: column Time (s) taken as time, in seconds"])
    let bare = try LineSteps("x,timestamp\n1,0\n1,20\n1,40\n", .csv)
    #expect(bare.times == [0, 20_000_000, 40_000_000])
    #expect(bare.notes == ["pipe: column timestamp taken as time, in milliseconds (50 Hz)"])
    let dates = try LineSteps("t,x\n2026-01-01T00:00:00Z,1\n", .csv)
    #expect(dates.times == [1_767_225_600_000_000_000])
    #expect(dates.notes == ["pipe: column t taken as time"])
    let key = try LineSteps("{\"t_ms\":0,\"values\":[1]}\n{\"values\":[1],\"t_ms\":20}\n", .ndjson)
    #expect(key.times == [0, 20_000_000])
    #expect(key.notes == ["pipe: key t_ms taken as time, in milliseconds"])
  }

  @Test func timeByItsNameNeedsNoWord() throws {
    let steps = try LineSteps("timestamp,time\n7,0.00\n7,0.02\n7,0.04\n", .csv)
    #expect(steps.times == [0, 20_000_000, 40_000_000])
    #expect(steps.steps == ["7.0", "7.0", "7.0"])
    #expect(steps.notes == [])
  }

  @Test func optionsDecide() throws {
    let csv = "time,clock,x\n1,5,2\n2,6,2\n"
    let column = try LineSteps(csv, .csv, LineOptions(timeColumn: "clock", timeUnit: .us))
    #expect(column.times == [5_000, 6_000])
    #expect(column.steps == ["1.0 2.0", "2.0 2.0"])
    #expect(column.notes == [])
    let unit = try LineSteps("time_ms,x\n1.5,2\n", .csv, LineOptions(timeUnit: .ns))
    #expect(unit.times == [2])
    #expect(unit.notes == ["pipe: column time_ms taken as time, in nanoseconds"])
    let key = try LineSteps(
      "{\"a \\\"b\\\"\":1,\"values\":[1]}\n", .ndjson,
      LineOptions(timeColumn: "a \"b\"", timeUnit: .ms))
    #expect(key.times == [1_000_000])
  }

  @Test(
    arguments: [
      (
        "Time,timestamp,x\n1,1,1\n", .csv, LineOptions(),
        "line 1 has several columns that may be its time (Time, timestamp), "
          + "expected --time-column to name one"
      ),
      (
        "a,b\n1,1\n", .csv, LineOptions(timeColumn: "time"),
        "line 1 has no column called time (--time-column), expected one of a, b"
      ),
      (
        "a,a,b\n1,1,1\n", .csv, LineOptions(timeColumn: "a", timeUnit: .s),
        "line 1 has two columns called a, expected one"
      ),
      (
        "a,b\n1,1\n", .csv, LineOptions(timeUnit: .ms),
        "line 1 has no column called time for --time-unit, expected --time-column to name one of a, b"
      ),
      ("T (s)\n1\n", .csv, LineOptions(), "line 1 has 0 columns beside T (s), expected 1 to 1024"),
      (
        "{\"Time\":1,\"t\":1,\"values\":[1]}\n", .ndjson, LineOptions(),
        "line 1 has several keys that may be its time (Time, t), expected --time-column to name one"
      ),
      (
        "{\"a\":1,\"values\":[1]}\n", .ndjson, LineOptions(timeColumn: "b", badLines: .skip),
        "line 1 has no key called b (--time-column), expected one of a"
      ),
      (
        "[1]\n", .ndjson, LineOptions(timeColumn: "b", badLines: .skip),
        "line 1 is an array, expected an object with the time that --time-column is about"
      ),
      (
        "[1]\n", .ndjson, LineOptions(timeUnit: .ms),
        "line 1 is an array, expected an object with the time that --time-unit is about"
      ),
      ("{\"t\":1}\n", .ndjson, LineOptions(), "line 1, byte 2: \"\"t\":1}\", expected \"time\""),
      (
        "time,x\n0,1\n1000,1\n2000,1\n", .csv, LineOptions(),
        "column time may be in milliseconds (1 Hz) or microseconds (1000 Hz), "
          + "expected --time-unit ms or --time-unit us"
      ),
    ] as [(String, SourceFormat, LineOptions, String)])
  func whatIsUndecidedIsAnError(
    text: String, format: SourceFormat, options: LineOptions, sentence: String
  ) throws {
    #expect(try LineSteps(text, format, options).error == "pipe: \(sentence)")
  }
}
