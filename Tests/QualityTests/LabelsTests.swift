import Testing

@testable import Quality

@Suite struct LabelsTests {
  @Test(arguments: [
    "start,end,label\n0.5,1.25,speech\n1.25,2,music\n",
    "label, start ,end\r\nspeech,0.5,1.25\r\n\"music\", 1.25 ,\"2\"",
    "\u{FEFF}start,end,label\n5e-1,1.25,speech\n1.25,2.0,music\n",
    """
    {"start":0.5,"end":1.25,"label":"speech"}
    {"label" : "mu\\u0073ic" , "end":2.0e0,"start":1.25}
    """,
  ])
  func readsIntervals(text: String) throws {
    let labels = try Labels(text)
    #expect(labels.form == .intervals)
    #expect(labels.stretches.map(\.start) == [500_000_000, 1_250_000_000])
    #expect(labels.stretches.map(\.end) == [1_250_000_000, 2_000_000_000])
    #expect(labels.stretches.map(\.label) == ["speech", "music"])
    let firstLine = text.hasPrefix("{") ? 1 : 2
    #expect(labels.stretches.map(\.line) == [firstLine, firstLine + 1])
  }

  @Test func intervalsHoldTheirStartAndNotTheirEnd() throws {
    let labels = try Labels("start,end\n0.5,1.25\n1.5,2\n")
    func line(_ time: Double) -> Int? {
      labels.stretch(frame: 7, time: time, frameOffset: 0.25)?.line
    }
    #expect(line(0.749) == nil)
    #expect(line(0.75) == 2)
    #expect(line(1.499) == 2)
    #expect(line(1.5) == nil)
    #expect(line(1.75) == 3)
    #expect(line(2.25) == nil)
  }

  @Test func aTimeHoldsToTheNext() throws {
    for text in [
      "time,label\n0.1,a\n0.2,\n0.3,b\n",
      "{\"time\":0.1,\"label\":\"a\"}\n{\"time\":0.2,\"label\":null}\n{\"time\":0.3,\"label\":\"b\"}",
    ] {
      let labels = try Labels(text)
      #expect(labels.form == .times)
      let found = [0.05, 0.1, 0.19, 0.2, 0.3, 0.39, 0.4].map {
        labels.stretch(frame: 0, time: $0, frameOffset: 0).map { $0.label ?? "none" }
      }
      #expect(found == [nil, "a", "a", "none", "b", "b", nil])
    }
  }

  @Test func aFrameIsFoundByItsIndex() throws {
    for text in [
      "frame,label\n3,1\n5,0\n", "{\"frame\":3,\"label\":1}\n{\"frame\":5,\"label\":0}\n",
    ] {
      let labels = try Labels(text)
      #expect(labels.form == .frames)
      let found = (2...6).map { labels.stretch(frame: $0, time: 99, frameOffset: 0)?.label }
      #expect(found == [nil, "1", nil, "0", nil])
    }
  }

  @Test func quotesAreUndone() throws {
    let labels = try Labels("frame,label\n0,\"a, \"\"b\"\"\"\n")
    #expect(labels.stretches.map(\.label) == ["a, \"b\""])
    let json = try Labels(#"{"frame":0,"label":"\"\\\/\b\f\n\r\té😀"}"#)
    #expect(json.stretches.map(\.label) == ["\"\\/\u{8}\u{C}\n\r\té😀"])
  }

  @Test func aRecordingWithoutAnyPositiveIsAFile() throws {
    #expect(try Labels("start,end\n").stretches.isEmpty)
  }

  @Test func readsAFileAndSaysWhenThereIsNone() throws {
    let missing = #expect(throws: LabelError.self) { try Labels.read(path: "no-such-file.csv") }
    #expect(missing?.description == "no-such-file.csv: there is no such file")
    #expect(missing?.exitCode == 66)
    let directory = #expect(throws: LabelError.self) { try Labels.read(path: "/") }
    #expect(directory?.description == "/: is a directory, expected a label file")
    // A file that is there wherever the tests are: this one, which holds no labels.
    let source = #expect(throws: LabelError.self) { try Labels.read(path: #filePath) }
    #expect(
      source?.description == #filePath
        + ": line 1: has the columns \"import Testing\", expected " + LabelForm.expected)
  }
}
