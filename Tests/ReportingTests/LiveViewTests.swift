import Testing

@testable import LatencyLog
@testable import Reporting

@Suite struct LiveViewTests {
  private static func lane(_ name: String, output: [Float] = [0.3]) -> RunProgress.Lane {
    RunProgress.Lane(
      name: name, frames: 5_987, misses: 3, p50: 41_900, p99: nil, max: 52_000, load: 0.00403,
      queuedFrames: 2, newestOutput: output, seconds: 59.87)
  }

  private static func lines(
    _ lanes: [RunProgress.Lane], names: [String] = ["speech"], columns: Int = 80, rows: Int = 24
  ) -> [String] {
    LiveView(outputNames: lanes.map { _ in names })
      .lines(RunProgress(lanes: lanes), columns: columns, rows: rows)
  }

  @Test func literal() {
    #expect(
      Self.lines([Self.lane("lstm")]) == [
        "lane   frames      p50      p99      max  misses  queue     load  output",
        "lstm    5,987  41.9 us        -  52.0 us       3      2  0.00403  0.30 ##......",
      ])
  }

  /// The narrower, the fewer figures; names and misses stay to the last.
  @Test(arguments: [
    (200, "lane frames p50 p99 max misses queue load output"),
    (120, "lane frames p50 p99 max misses queue load output"),
    (80, "lane frames p50 p99 misses queue load output"),
    (60, "lane frames p99 misses output"),
    (40, "lane frames misses"),
  ])
  func widths(columns: Int, headings: String) {
    let lines = Self.lines([Self.lane("speech-transformer"), Self.lane("a")], columns: columns)
    #expect(lines[0].split(separator: " ").joined(separator: " ") == headings)
    #expect(lines.allSatisfy { $0.count < columns }, "\(lines)")
    #expect(lines[1].hasPrefix("speech-transformer  "))
  }

  /// Values as wide as they come, at each width; also a load of 0.000844 beside a queue of 0.
  @Test(arguments: [20, 40, 60, 80, 120, 200], [5_987, 123_456_789])
  func cellsAreApart(columns: Int, frames: Int) {
    var lane = Self.lane("日本語のとても長い名前-of-a-lane-with-a-very-long-name")
    lane.frames = frames
    (lane.misses, lane.queuedFrames, lane.load) = (frames, 0, 0.000844)
    (lane.p50, lane.p99, lane.max) = (888_000_000, 888_000_000, 888_000_000)
    let lines = Self.lines([lane, Self.lane("a")], columns: columns)
    for line in lines {
      #expect(line.displayWidth < columns, "\(line)")
    }
    let headings = lines[0].split(separator: " ")
    guard columns >= 60 else { return }
    let cells = lines[1].matches(of: /\s{2,}/).count + 1
    #expect(cells == headings.count, "\(lines)")
    #expect(columns < 200 || lines[1].contains("  0  0.000844  "), "\(lines)")
  }

  @Test func ofSeveralOutputsTheLargestIsNamed() {
    let names = ["sitting", "walking", "standing"]
    let lane = Self.lane("a", output: [0.051, 0.93, 0.019])
    #expect(Self.lines([lane], names: names)[1].hasSuffix("  walking 0.93"))
    #expect(
      Self.lines([lane], names: names, columns: 120)[1]
        .hasSuffix("  walking 0.93  sitting 0.05  standing 0.02"))
    let none = Self.lane("a", output: [.nan, .nan])
    #expect(Self.lines([none], names: names)[1].hasSuffix("  not finite"))
    let logits = Self.lane("a", output: [-12.25, 5.3])
    #expect(Self.lines([logits], names: names)[1].hasSuffix("  walking 5.30"))
    #expect(
      Self.lines([logits], names: ["", "a\u{1B}[2Jb"], columns: 120)[1]
        .contains("  a\\u{1b}[2Jb 5.30"))
  }

  @Test func aSingleOutputIsABarWithItsValueWhereThereIsRoom() {
    #expect(LiveView.bar(0.3, width: 8) == "##......")
    #expect(LiveView.bar(0.3, width: 15) == "0.30 ###.......")
    #expect(LiveView.bar(-1.5, width: 8) == "-1.5")
    #expect(LiveView.bar(.nan, width: 8) == "nan")
  }

  @Test func lanesThatHaveNoRoomAreCounted() {
    let lanes = (0..<9).map { Self.lane("lane-\($0)") }
    var progress = RunProgress(lanes: lanes)
    progress.gapCount = 2
    progress.gapSamples = 12
    (progress.totalSeconds, progress.elapsedSeconds) = (100, 60)
    let view = LiveView(outputNames: [])
    func lines(_ rows: Int) -> [String] { view.lines(progress, columns: 80, rows: rows) }
    #expect(lines(24).count == 12)
    #expect(
      lines(8).map { $0.prefix(8) }.map(String.init) == [
        "lane    ", "lane-0  ", "lane-1  ", "lane-2  ", "6 more l", "input: 2", "[#######",
      ])
    for rows in 1...24 { #expect(lines(rows).count <= max(1, rows - 1)) }
  }

  @Test func captionsShowTheNewestTokensThatFit() {
    let names = ["-", "HH", "AH", "L", "OW", "a\u{1B}[2Jb", "日本"]
    var lanes = [Self.lane("lstm"), Self.lane("speech"), Self.lane("a-transformer")]
    lanes[0].newestTokens = [1, 2, 3, 4, 5]
    lanes[2].newestTokens = [Int](repeating: 1, count: 200) + [6]
    let lines = Self.lines(lanes, names: names, columns: 60)
    #expect(lines.count == 6)
    #expect(lines[4] == "lstm           HH AH L OW a\\u{1b}[2Jb")
    // 59 columns, of which the name takes 15.
    #expect(
      lines[5] == "a-transformer  " + [String](repeating: "HH", count: 13).joined(separator: " ")
        + " 日本")
    #expect(lines.allSatisfy { $0.displayWidth < 60 })
    // Before the first token there is a name alone; lanes come before captions where there is little room.
    lanes[0].newestTokens = []
    let view = LiveView(outputNames: lanes.map { _ in names })
    func shown(_ rows: Int) -> [String] {
      view.lines(RunProgress(lanes: lanes), columns: 60, rows: rows)
    }
    #expect(shown(24)[4] == "lstm           ")
    for rows in 1...8 { #expect(shown(rows).count <= max(1, rows - 1)) }
    #expect(shown(6).count == 5 && shown(6)[3].hasPrefix("a-transformer"))
    for columns in 1...40 {
      let narrow = view.lines(RunProgress(lanes: lanes), columns: columns, rows: 24)
      #expect(narrow.allSatisfy { $0.displayWidth < max(2, columns) }, "\(narrow)")
    }
  }

  @Test(arguments: [
    (nil, nil), (1.1, nil), (2.34, "no input for 2.3 s"), (150, "no input for 2:30 min"),
    (3_661, "no input for 1:01:01 h"),
  ])
  func silence(seconds: Double?, line: String?) {
    var progress = RunProgress(lanes: [Self.lane("a")])
    progress.silence = seconds
    let lines = LiveView(outputNames: []).lines(progress, columns: 80, rows: 24)
    #expect(lines.dropFirst(2).first == line)
  }

  @Test func gapsAndPauses() {
    var progress = RunProgress(lanes: [Self.lane("a")])
    let view = LiveView(outputNames: [])
    (progress.pauseCount, progress.pausedTime) = (1, 3_020_000_000)
    #expect(view.lines(progress, columns: 80, rows: 24).last == "input: 1 pause of 3.02 s")
    (progress.gapCount, progress.gapSamples, progress.pauseCount) = (1, 1_200, 2)
    #expect(
      view.lines(progress, columns: 80, rows: 24).last
        == "input: 1 gap, 1,200 samples lost; 2 pauses, 3.02 s altogether")
  }

  @Test func followsTheStatistics() {
    var statistics = LaneStatistics(
      LaneDescription(
        name: "a", architecture: "lstm", precision: "f32", deadline: 1_000_000,
        framePeriod: 10_000_000, modelRate: 16_000, warmUpFrames: 0, algorithmicLatency: 0,
        signalDelay: 0, stateBytes: 0, weightBytes: 0, macsPerFrame: 0))
    for frame in 0..<UInt64(20) {
      let arrival = Int64(frame) * 10_000_000
      let end = arrival + (frame < 15 ? 500_000 : 2_000_000)
      statistics.add(
        FrameRecord(
          lane: 0, frame: frame, position: frame, arrival: arrival, frontEndStart: arrival,
          frontEndEnd: arrival, modelStart: arrival, modelEnd: end, emission: end))
    }
    #expect(
      RunProgress.Lane(statistics, queuedFrames: 4, newestOutput: [0.5])
        == RunProgress.Lane(
          name: "a", frames: 20, misses: 5, p50: 500_000, p99: nil, max: 2_000_000, load: 0.0875,
          queuedFrames: 4, newestOutput: [0.5], seconds: 0.2))
  }
}
