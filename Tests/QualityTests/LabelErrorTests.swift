import Testing

@testable import Quality

@Suite struct LabelErrorTests {
  private static let forms = #""start,end", "start,end,label", "time,label" or "frame,label""#

  @Test(
    arguments: [
      ("", "labels.csv: is empty, expected a CSV header or NDJSON objects with labels"),
      (
        "0.5,1.25,speech\n",
        #"labels.csv: line 1: has the columns "0.5,1.25,speech", expected \#(forms)"#
      ),
      (
        "start,end,start\n",
        #"labels.csv: line 1: has the columns "start,end,start", expected \#(forms)"#
      ),
      (#"{"from":1}"#, #"labels.csv: line 1: has the keys "from", expected \#(forms)"#),
      ("start,end\n0,1\n1\n", "labels.csv: line 3: has 1 fields, expected 2: start, end"),
      ("start,end\n0,1\n\n2,3\n", "labels.csv: line 3: is empty, expected start, end"),
      (
        "start,end\nzero,1\n",
        #"labels.csv: line 2: start is "zero", expected seconds since the stream began"#
      ),
      (
        "start,end\n0,nan\n",
        #"labels.csv: line 2: end is "nan", expected seconds since the stream began"#
      ),
      (
        "start,end\n0,0x2\n",
        #"labels.csv: line 2: end is "0x2", expected seconds since the stream began"#
      ),
      (
        "start,end\n-1,2\n",
        #"labels.csv: line 2: start is "-1", expected seconds since the stream began"#
      ),
      (
        "start,end\n,2\n",
        "labels.csv: line 2: start is empty, expected seconds since the stream began"
      ),
      ("start,end\n2,2\n", "labels.csv: line 2: end is 2.0, expected more than start, 2.0"),
      (
        "start,end\n0,2\n1.5,3\n",
        "labels.csv: line 3: start is 1.5 and overlaps line 2, expected at least its end, 2.0"
      ),
      (
        "start,end\n1,2\n0.5,0.7\n",
        "labels.csv: line 3: start is 0.5 and goes back, expected at least 1.0, as in line 2"
      ),
      (
        "start,end,label\n1,2,\n",
        "labels.csv: line 2: label is empty, expected the interval's label"
      ),
      (
        "time,label\n1,a\n1,b\n",
        "labels.csv: line 3: time is 1.0, expected more than 1.0, as in line 2"
      ),
      (
        "time,label\n1,a\n",
        "labels.csv: line 2: is the only row, expected two at least, so that a row has a length"
      ),
      ("time,label\n", "labels.csv: line 1: is the last one, expected rows with labels"),
      (
        "frame,label\n4,a\n3,b\n",
        "labels.csv: line 3: frame is 3, expected more than 4, as in line 2"
      ),
      (
        "frame,label\n1.5,a\n",
        #"labels.csv: line 2: frame is "1.5", expected a frame index, counted from 0"#
      ),
      ("frame,label\n1,\"a\n", "labels.csv: line 2: has no closing quote"),
      (
        "frame,label\n1,\"a\"b\n",
        "labels.csv: line 2: has text after a closing quote, expected a comma"
      ),
      (
        "frame,label\n1,a\"b\n",
        "labels.csv: line 2: has a quote inside a field, expected it around the whole field"
      ),
      (
        #"{"start":"1","end":2}"#,
        #"labels.csv: line 1: start is the string "1", expected seconds since the stream began"#
      ),
      (
        "{\"start\":0,\"end\":2}\n{\"start\":2,\"end\":null}",
        "labels.csv: line 2: end is null, expected seconds since the stream began"
      ),
      (
        "{\"start\":0,\"end\":2}\n{\"start\":2}",
        #"labels.csv: line 2: has the keys "start", expected end, start as in line 1"#
      ),
      (
        #"{"frame":01,"label":1}"#,
        "labels.csv: line 1: is no valid JSON at byte 9, expected a number, a string, true, false or null"
      ),
      (#"{"frame":1,"frame":1}"#, #"labels.csv: line 1: has the key "frame" twice"#),
      (
        #"{"frame":1,"label":1}}"#,
        "labels.csv: line 1: is no valid JSON at byte 21, expected the end of the line"
      ),
      (
        #"{"frame":1 "label":1}"#,
        "labels.csv: line 1: is no valid JSON at byte 11, expected a comma or }"
      ),
      (
        #"{"frame":1,"label":"a}"#,
        "labels.csv: line 1: is no valid JSON at byte 22, expected a closing quote"
      ),
    ])
  func oneSentenceSaysWhatIsWrong(text: String, message: String) {
    let error = #expect(throws: LabelError.self) { try Labels(text) }
    #expect(error?.description == message)
    #expect(error?.exitCode == 65)
  }

  @Test func whatIsNotUTF8IsRefused() {
    let error = #expect(throws: LabelError.self) {
      try Labels(bytes: Array("frame,label\n0,".utf8) + [0xFF, 0x0A], path: "x")
    }
    #expect(error?.description == "x: line 2: is not valid UTF-8")
  }

  @Test(
    arguments: [
      (
        "start,end,label\n0,1,PEN\n1,2,pen\n", ["PEN", "ABD"],
        #"labels.csv: line 3: the label is "pen", expected one of "PEN", "ABD""#
      ),
      (
        "start,end\n0,1\n", ["PEN", "ABD"],
        #"labels.csv: line 1: has no column "label", expected it, with one of "PEN", "ABD""#
      ),
      (
        "start,end,label\n", ["PEN", "ABD"],
        #"labels.csv: labels nothing, expected one of "PEN", "ABD""#
      ),
      (
        "start,end,label\n0,1,Speech\n", ["speech"],
        #"labels.csv: line 2: the label is "Speech" and no line has the model's, "#
          + #"expected "speech" or 1 where it holds"#
      ),
    ])
  func labelsOfAnotherModelAreRefused(text: String, outputs: [String], message: String) throws {
    let labels = try Labels(text)
    let error = #expect(throws: LabelError.self) {
      try QualityMeter(
        outputs: outputs, labels: labels,
        options: QualityOptions(framePeriod: 1, frameOffset: 0))
    }
    #expect(error?.description == message)
  }

  @Test func oneOutputKnowsItsNameAndOneAndTrue() throws {
    let labels = Labels(frames: ["speech", "1", "True", "0", "music", nil])
    #expect(try LabelTrack(labels, outputs: ["speech"]).classes == [1, 1, 1, 0, 0, -1])
    #expect(try LabelTrack(Labels(frames: ["0", "false"]), outputs: ["x"]).classes == [0, 0])
  }
}
