import LatencyLog
import Testing

@testable import Reporting
@testable import Results

@Suite("Twins: the table")
struct TwinTableTests {
  static let lanes = Array(SummaryTableTests.lanes[0...1])

  static func twin() -> TwinSummary {
    var twin = TwinSummary(period: 60)
    (twin.restarts, twin.periods, twin.periodsApart) = (720, 719, 3)
    (twin.difference.p50, twin.difference.max) = (0.000_123, 0.31)
    twin.difference.maxSeconds = 3_725
    (twin.agreement.p50, twin.agreement.max) = (1_200_000_000, 8_400_000_000)
    return twin
  }

  @Test("A lane's twin stands below the other figures; a lane without one has blanks")
  func literal() {
    var lanes = Self.lanes
    lanes[0].twin = Self.twin()
    let text = SummaryTable(sampleRun(lanes)).text
    #expect(
      text.contains(
        """
        MACs a frame                           309 k                   309 k

        twin                           p50       max
        difference at end         0.000123     0.310
        within 0.01 after           1.20 s    8.40 s
        period                                60.0 s
        whole periods                            719
          never within                             3

        Percentiles
        """), "\(text)")
    #expect(
      text.contains(
        """
        speech-lstm was not within 0.01 of its twin at the end of 3 of 719 periods of
          60.0 s; they were furthest apart at 1:02:05, by 0.310.

        """), "\(text)")
    #expect(!SummaryTable(sampleRun(Self.lanes)).text.contains("twin"))
  }

  @Test("It is said where nothing was whole, and where frames got lost")
  func sentences() {
    var lane = Self.lanes[0]
    lane.twin = TwinSummary(period: 60)
    lane.twin?.lostFrames = 1_234
    let text = SummaryTable(sampleRun([lane])).text
    #expect(
      text.contains(
        """
        speech-lstm has no figures of its twin: no period of 60.0 s beside a lane older
          than the twin was whole.
        The twin of speech-lstm lost 1,234 frames, as it was too far behind, and began
          anew.

        """), "\(text)")
    #expect(text.contains("\nwithin 0.01 after                -         -\n"))
  }

  @Test("The page has every figure of it, with what it means")
  func page() throws {
    var lane = Self.lanes[0]
    lane.twin = Self.twin()
    let json = try #require(lane.json[path: "twin"])
    let figures = RunReportTests.figures(json, at: "twin")
    let words = Glossary[.lane].filter { $0.object == "twin" }.flatMap(\.words).map(\.path)
    #expect(Set(words) == Set(figures.keys))
  }
}
