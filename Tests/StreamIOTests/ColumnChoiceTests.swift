import Testing

@testable import StreamIO

/// Which columns and keys are channels, and what the others may hold.
@Suite struct ColumnChoiceTests {
  private static let csv =
    "time,label,b,A, c ,2\n0,walk,1,2,3,4\n20,\"a, b\",5,6,7,8\n40,,NaN,9,10,11\n"

  @Test(arguments: [
    (["A", "b"], ["2.0 1.0", "6.0 5.0"]), (["c"], ["3.0", "7.0", "10.0"]),
    (["a", "B", "C"], ["2.0 1.0 3.0", "6.0 5.0 7.0"]),
    // A name that is there wins over a number.
    (["2"], ["4.0", "8.0", "11.0"]), (["3", "4"], ["1.0 2.0", "5.0 6.0"]),
  ])
  func csv(columns: [String], steps: [String]) throws {
    let found = try LineSteps(Self.csv, .csv, LineOptions(timeUnit: .ms, columns: columns))
    #expect(found.steps == steps)
    #expect(found.times.first == 0)
    let reason = "pipe: line 4, column b: \"NaN\" where a finite number was expected"
    #expect(found.error == (steps.count == 3 ? nil : reason))
  }

  @Test(arguments: [
    (["x"], "has no column called x (--columns), expected some of time, label, b, A, c, 2"),
    (["b", "7"], "has no column 7 (--columns), expected 1 to 6 (time, label, b, A, c, 2)"),
    (["0"], "has no column 0 (--columns), expected 1 to 6 (time, label, b, A, c, 2)"),
    (["b", "3"], "has one column 3, which --columns takes twice"),
    (["time", "b"], "has its time in column time, which --columns takes as a channel"),
    (["1"], "has its time in column 1, which --columns takes as a channel"),
  ])
  func whatCannotBeChosen(columns: [String], reason: String) throws {
    for policy in BadLinePolicy.allCases {
      let options = LineOptions(timeUnit: .ms, columns: columns, badLines: policy)
      #expect(try LineSteps(Self.csv, .csv, options).error == "pipe: line 1 \(reason)")
    }
  }

  @Test func equalNamesTakeNumbers() throws {
    let text = "t,x,x\n0,1,2\n20,3,4\n40,5,6\n"
    #expect(
      try LineSteps(text, .csv, LineOptions(columns: ["x"])).error
        == "pipe: line 1 has more than one column called x (--columns), expected its number")
    let found = try LineSteps(text, .csv, LineOptions(columns: ["3"]))
    #expect(found.steps == ["2.0", "4.0", "6.0"])
    let pasted = "time,x,time,x\n0,1,5,2\n20,3,5,4\n40,5,5,6\n"
    let options = LineOptions(timeColumn: "1", columns: ["4", "2"])
    let numbered = try LineSteps(pasted, .csv, options)
    #expect(numbered.steps == ["2.0 1.0", "4.0 3.0", "6.0 5.0"])
    #expect(numbered.times == [0, 20_000_000, 40_000_000])
  }

  @Test func takenColumnsComeInTheirOrder() throws {
    let rows = try RowReader(
      PipeFeed(Array(Self.csv.utf8)).input, format: .csv, isStopped: { false })
    let columns = try #require(rows.format.columns)
    #expect(columns.columns.map(\.name) == ["label", "b", "A", "c", "2"])
    #expect(columns.columns.map(\.isText) == [true, false, false, false, false])
    #expect(rows.format.channelCount == 5)
    rows.format.take([4, 2])
    #expect(rows.format.channelCount == 2)
    var steps: [[Float]] = []
    while try rows.next() != .end {
      if rows.row.values != steps.last { steps.append(rows.row.values) }
    }
    #expect(steps == [[4, 2], [8, 6], [11, 9]])
  }

  @Test(
    arguments: [
      (nil, ["1.0 2.0 3.0"]), (["b", "a.y"], ["1.0 3.0"]), (["4", "a.x"], ["3.0 2.0"]),
      (["A.Y"], ["3.0"]),
    ] as [([String]?, [String])])
  func keys(columns: [String]?, steps: [String]) throws {
    let text = """
      \u{FEFF}{"b":1,"time":0,"a":{"x":2,"y":3}}

      {"time":0.02,"a":{"y":3,"x":2},"b":1,"note":"}","more":[{"b":9}]}
      { "a" : { "x" : 2 , "y" : 3 , "z":null } , "b" : 1 , "time" : 0.04 }
      """
    let found = try LineSteps(text, .ndjson, LineOptions(timeUnit: .s, columns: columns))
    #expect(found.steps == [String](repeating: steps[0], count: 3))
    #expect(found.times == [0, 20_000_000, 40_000_000])
    #expect(found.error == nil)
  }

  @Test func keysInArrays() throws {
    let text = """
      {"t":0,"label":"walk","acc":[1,2,3],"gyro":[4,5,6]}
      {"t":0.02,"label":null,"acc":[7,8,9],"gyro":[10,11,12,13]}
      """
    let options = LineOptions(timeUnit: .s, columns: ["gyro.2", "acc.1"])
    #expect(try LineSteps(text, .ndjson, options).steps == ["5.0 1.0", "11.0 7.0"])
  }

  @Test(arguments: [
    ("{\"a\":1}", "line 2 has no key b, expected it as in the lines before it"),
    ("{\"a\":1,\"b\":null}", "line 2, byte 12: \"null}\", expected a number"),
    ("{\"a\":1,\"b\":\"x\"}", "line 2, byte 12: \"\"x\"}\", expected a number"),
    ("{\"a\":1,\"b\":1,\"a\":2}", "line 2, byte 18: \"2}\", expected one a"),
    ("{\"a\":1,\"b\":1", "line 2 ends after byte 12, expected \"}\""),
    ("{\"a\":1,\"b\":1} x", "line 2, byte 15: \"x\", expected the end of the line"),
    ("{\"a\":1,\"b\":1,\"c\":[1,}", "line 2, byte 21: \"}\", expected a value"),
    ("[1,2]", "line 2, byte 1: \"[1,2]\", expected an object as in the lines before it"),
    ("{\"a\":1,\"b\":1e39}", "line 2, byte 12: a number too large for 32 bits"),
  ])
  func badKeys(line: String, reason: String) throws {
    let found = try LineSteps("{\"a\":1,\"b\":2}\n\(line)\n", .ndjson)
    #expect(found.steps == ["1.0 2.0"])
    #expect(found.error == "pipe: \(reason)")
  }

  @Test func valuesByNumber() throws {
    let found = try LineSteps("[1,2,3]\n[4,5,6]\n", .ndjson, LineOptions(columns: ["3", "1"]))
    #expect(found.steps == ["3.0 1.0", "6.0 4.0"])
    #expect(
      try LineSteps("[1,2,3]\n", .ndjson, LineOptions(columns: ["4"])).error
        == "pipe: line 1 has no value 4 (--columns), expected 1 to 3 (1, 2, 3)")
    let object = try LineSteps(
      "{\"time\":1,\"values\":[1,2],\"label\":\"x\"}\n", .ndjson,
      LineOptions(timeUnit: .s, columns: ["2"]))
    #expect(object.steps == ["2.0"])
    #expect(object.notes == ["pipe: key label not used"])
  }
}
