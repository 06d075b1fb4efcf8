import PlainText
import Testing

@testable import Results

/// What whole-stream models reach, and the delay that it is held against.
@Suite struct QualityBoundsTests {
  private func parsed(
    _ text: String, _ merit: SweepFront.Merit = .tokenErrorRate
  ) throws(FileDefect) -> QualityBounds {
    try QualityBounds(parsing: Array(text.utf8), merit: merit)
  }

  @Test("A bound is the figure that is judged, with its interval where there is one")
  func bounds() throws {
    let text = """
      {"sample": "a.flac", "bounds": [
        {"name": "bidirectional", "parameters": 5, "error_rate": {"value": 0.14, "low": 0.1, "high": 0.2}},
        {"name": "full", "error_rate": {"value": 0.5}, "auc": {"value": 0.9}}]}
      """
    #expect(
      try parsed(text).bounds == [
        .init(name: "bidirectional", value: Estimate(value: 0.14, low: 0.1, high: 0.2)),
        .init(name: "full", value: Estimate(value: 0.5)),
      ])
    #expect(
      try parsed(#"{"bounds": [{"name": "full", "auc": {"value": 0.9}}]}"#, .auc).bounds == [
        .init(name: "full", value: Estimate(value: 0.9))
      ])
  }

  @Test(
    "What is no bound is refused with its place",
    arguments: [
      ("[", "is no JSON"), ("{}", "has no list \"bounds\""), (#"{"bounds": []}"#, "has no list"),
      (#"{"bounds": [{"error_rate": {"value": 1}}]}"#, "bound 1 has no name"),
      (
        #"{"bounds": [{"name": "a", "error_rate": {"value": 1}}, {"name": "b", "auc": {"value": 1}}]}"#,
        "bound 2 (b) has no number at error_rate.value"
      ),
      (#"{"bounds": [{"name": "a", "error_rate": {"value": "1"}}]}"#, "bound 1 (a)"),
    ])
  func refused(text: String, reason: String) {
    let error = #expect(throws: FileDefect.self) { try parsed(text) }
    #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
  }

  @Test("The whole delay is what is felt of a token, else the signal delay and the response time")
  func wholeDelay() {
    var point = samplePoint(p99s: [900, 950])
    point.response.p50 = DurationEstimate(value: 40, low: 30, high: 60)
    let signal = point.firstRun.signalDelay
    #expect(
      point.wholeDelay == DurationEstimate(value: 40 + signal, low: 30 + signal, high: 60 + signal))
    #expect(SweepFront(of: [point])?.latency == .p99)
    var tokens = TokenSummary()
    tokens.errorRate = Estimate(value: 0.2)
    tokens.feltDelay.p50 = -5_000_000
    point.firstRun.tokens = tokens
    #expect(point.wholeDelay == DurationEstimate(value: -5_000_000))
    #expect(SweepFront(of: [point]) == SweepFront(latency: .feltDelay, merit: .tokenErrorRate))
    // Of two tasks there is no one delay.
    #expect(SweepFront(of: [point, samplePoint(p99s: [900])]) == nil)
  }
}
