import Testing

@testable import Quality

/// Label files of other programs, found by their first line.
@Suite struct LabelAnnotationTests {
  private func error(_ text: String) -> String? {
    do throws(LabelError) {
      _ = try Labels(bytes: Array(text.utf8), path: "labels.csv")
      return nil
    } catch {
      return error.description
    }
  }

  @Test func audacity() throws {
    let labels = try Labels(
      """
      0.500000\t1.250000\tspeech\r
      \\\t100.0\t8000.0\r
      2.5\t3\t
      1.75\t2.25\tmusic and more
      4\t4\ta point

      """)
    #expect(labels.form == .intervals)
    #expect(labels.stretches.map(\.start) == [500_000_000, 1_750_000_000, 2_500_000_000])
    #expect(labels.stretches.map(\.end) == [1_250_000_000, 2_250_000_000, 3_000_000_000])
    #expect(labels.stretches.map(\.label) == ["speech", "music and more", nil])
    #expect(labels.stretches.map(\.line) == [1, 4, 3])
    // As in CSV: the output's name and no label at all mean "there", any other label does not.
    #expect(try LabelTrack(labels, outputs: ["speech"]).classes == [1, 0, 1])
  }

  @Test func overlapsOfOneLabelAreOne() throws {
    let labels = try Labels("0\t2\ta\n1\t3\ta\n3\t4\ta\n")
    #expect(labels.stretches.map(\.start) == [0, 3_000_000_000])
    #expect(labels.stretches.map(\.end) == [3_000_000_000, 4_000_000_000])
    #expect(
      error("0\t2\ta\n1\t3\tb\n")
        == "labels.csv: line 2: start is 1.0 and overlaps line 1, expected at least its end, 2.0")
  }

  @Test func rttm() throws {
    let labels = try Labels(
      """
      ;; a comment
      SPKR-INFO meeting 1 <NA> <NA> <NA> unknown anna <NA> <NA>
      SPEAKER meeting 1 2.50 1.00 <NA> <NA> bert <NA> <NA>
      SPEAKER meeting 1  0.25 0.50 <NA> <NA> anna <NA> <NA>
      SPEAKER meeting 1 3.00 1.50 <NA> <NA> anna <NA> <NA>
      SPEAKER meeting 1 9.00 0.00 <NA> <NA> anna <NA>
      """)
    #expect(labels.form == .intervals)
    #expect(labels.stretches.map(\.start) == [250_000_000, 2_500_000_000])
    #expect(labels.stretches.map(\.end) == [750_000_000, 4_500_000_000])
    #expect(labels.stretches.allSatisfy { $0.label == nil })
    #expect(try LabelTrack(labels, outputs: ["speech"]).classes == [1, 1])
  }

  @Test func whatIsWrongWithThemIsNamedWithItsLine() {
    #expect(
      error("0\t1\ta\nspeech here\n")
        == "labels.csv: line 2: has no tab, expected start, end and label between tabs")
    #expect(
      error("0\t1\ta\n3\t2\tb\n") == "labels.csv: line 2: end is 2.0, expected more than start, 3.0"
    )
    #expect(
      error("SPEAKER a 1 0 1 <NA> <NA> x <NA>\nSPEAKER b 1 0 1 <NA> <NA> x <NA>\n")
        == "labels.csv: line 2: is of the recording \"b\", expected \"a\" as before")
    #expect(
      error("SPEAKER a 1 0\n")
        == "labels.csv: line 1: has 4 words, expected SPEAKER FILE CHANNEL START DURATION ...")
    #expect(
      error("SPEAKER a 1 0 -1 <NA> <NA> x <NA>\n")
        == "labels.csv: line 1: duration is \"-1\", expected seconds since the stream began")
    #expect(
      error("1\t1\ta\n")
        == "labels.csv: line 1: is the last one, expected labels that have a length")
    #expect(
      error(";; nothing\n")
        == "labels.csv: line 1: is the last one, expected labels that have a length")
  }
}

/// What is said of labels that are not those of a recording.
@Suite struct LabelMisfitTests {
  private func misfit(
    _ text: String, _ recording: Range<Double> = 0..<62.5, frames: UInt64 = 6_248
  ) throws -> String? {
    try Labels(text).misfit(with: recording, frames: frames, rates: [16_000, 16_000])
  }

  private func intervals(_ scale: Double) -> String {
    "start,end\n"
      + [(1.5, 3.0), (20.0, 40.25), (50.0, 61.0)].map { "\($0.0 * scale),\($0.1 * scale)\n" }
      .joined()
  }

  @Test(
    arguments: [
      (1_000, "1500 to 61000", "milliseconds", 0),
      (16_000, "24000 to 976000", "samples at 16000 Hz", 0),
      (100, "150 to 6100", "frames of 10 ms", 0), (50, "75 to 3050", "frames of 20 ms", 0),
      (1e6, "1500000 to 61000000", "microseconds", 0),
    ])
  func theLikelyUnitIsNamed(scale: Double, ends: String, unit: String, judged: Int) throws {
    #expect(
      try misfit(intervals(scale))
        == "labels.csv: its labels go from \(ends) s, the recording ends at 62.5 s, and \(judged) of 3 "
        + "are judged; they seem to be in \(unit), expected seconds since the stream began")
  }

  @Test func labelsThatFitAreNotSpokenOf() throws {
    #expect(try misfit(intervals(1)) == nil)
    #expect(try misfit("start,end\n60,62.55\n") == nil)
    #expect(try misfit("time,label\n0,1\n31,0\n62,1\n") == nil)
    #expect(try misfit("frame,label\n0,1\n6247,0\n6248,1\n") == nil)
    #expect(try misfit(intervals(1), 1_000..<1_062.5) != nil)
  }

  @Test func otherMisfitsHaveNoUnit() throws {
    #expect(
      try misfit("start,end\n1,3\n50,70\n")
        == "labels.csv: its labels go from 1 to 70 s, the recording ends at 62.5 s, and 2 of 2 are "
        + "judged; expected seconds since the stream began")
    #expect(
      try misfit("frame,label\n0,1\n7000,0\n8000,1\n9000,1\n")
        == "labels.csv: its last label is of frame 9000, the recording has 6248 frames, and 1 of 4 labels "
        + "are judged; expected frames of the model")
  }

  @Test func stampedRecordingsHaveAClockOfTheirOwn() throws {
    #expect(
      try misfit(intervals(1), 1_000..<1_062.5)
        == "labels.csv: its labels go from 1.5 to 61 s, the recording goes from 1000 to 1062.5 s, and 0 of "
        + "3 are judged; they seem to be in seconds since its first sample, expected seconds on the clock "
        + "of its stamps")
    #expect(
      try misfit("start,end\n1000500,1061000\n", 1_000..<1_062.5)?.contains("in milliseconds")
        == true)
  }
}
