import LatencyLog
import Results
import Testing

@testable import Experiments

@Suite struct SweepStandingTests {
  /// A point with p99 of the response time and AUC, each with its interval.
  private func point(_ p99: (Int64, Int64, Int64), _ auc: (Double, Double, Double)) -> SweepPoint {
    point(p99, Estimate(value: auc.1, low: auc.0, high: auc.2))
  }

  private func point(_ p99: (Int64, Int64, Int64), _ auc: Estimate?) -> SweepPoint {
    let lane = LaneStatistics(
      LaneDescription(
        name: "a", architecture: "lstm", precision: "f32", deadline: 1, framePeriod: 1,
        modelRate: 1,
        algorithmicLatency: 0, signalDelay: 0, stateBytes: 0, weightBytes: 0, macsPerFrame: 0)
    ).summary(LaneTotals())
    var point = SweepPoint(
      SweepSetting(
        model: "a", path: "a", chunkSize: nil, leftContext: nil, precision: "f32", parameters: 1),
      runs: [lane])
    point.response.p99 = DurationEstimate(value: p99.1, low: p99.0, high: p99.2)
    point.firstRun.quality = QualitySummary(kind: .binary, unit: .seconds)
    point.firstRun.quality?.auc = auc
    point.load = Estimate(value: Double(p99.1), low: Double(p99.0), high: Double(p99.2))
    return point
  }

  private func standings(_ points: [SweepPoint], _ merit: SweepFront.Merit = .auc)
    -> [FrontStanding?]
  {
    var points = points
    points.setStandings(to: SweepFront(latency: .p99, merit: merit))
    return points.map(\.standing)
  }

  @Test func aPointIsOffWhereABetterOneIsApart() {
    let fast = point((9, 10, 11), (0.90, 0.91, 0.92))
    // Apart in latency; apart in merit; in neither.
    #expect(standings([fast, point((12, 13, 14), (0.89, 0.90, 0.91))]) == [.on, .off])
    #expect(standings([fast, point((10, 11, 12), (0.80, 0.82, 0.85))]) == [.on, .off])
    #expect(standings([fast, point((10, 11, 12), (0.89, 0.90, 0.91))]) == [.on, .undecided])
    // Better in one of the two by value.
    #expect(standings([fast, point((12, 13, 14), (0.90, 0.93, 0.95))]) == [.on, .on])
    #expect(standings([fast, fast]) == [.on, .on])
  }

  @Test func withoutIntervalsNothingIsTold() {
    let fast = point((9, 10, 11), Estimate(value: 0.91))
    #expect(standings([fast, point((10, 11, 12), Estimate(value: 0.1))]) == [.on, .undecided])
    #expect(standings([fast, point((12, 13, 14), Estimate(value: 0.1))]) == [.on, .off])
    #expect(standings([fast, point((1, 2, 3), nil)]) == [.on, nil])
  }

  @Test func ofLoadsTheLowerIsBetter() {
    var late = point((20, 21, 22), nil)
    late.load = Estimate(value: 5, low: 4, high: 6)
    let soon = point((9, 10, 11), nil)
    var worse = point((30, 31, 32), nil)
    worse.load = Estimate(value: 7, low: 6.5, high: 7.5)
    #expect(standings([late, soon, worse], .load) == [.on, .on, .off])
  }
}
