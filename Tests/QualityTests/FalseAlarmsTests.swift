import Results
import Testing

@testable import Quality

@Suite struct FalseAlarmsTests {
  /// `chi2.ppf(0.025, 2 * k) / 2, chi2.ppf(0.975, 2 * k + 2) / 2` of SciPy 1.17.1.
  @Test(
    arguments: [
      (0, 0, 3.6888794541139354), (1, 0.025317807984289876, 5.571643390938898),
      (3, 0.6186721228956014, 8.767273069742323), (10, 4.7953886961324335, 18.39035604201778),
      (2000, 1913.2987096256304, 2089.6174394458276),
    ] as [(Int, Double, Double)])
  func theIntervalIsGarwoods(count: Int, low: Double, high: Double) {
    let interval = FalseAlarms.poissonInterval(count)
    #expect(abs(interval.low - low) < 1e-8 * max(low, 1))
    #expect(abs(interval.high - high) < 1e-8 * high)
  }

  @Test func noneInAMinuteClaimsLittle() throws {
    let rate = try #require(FalseAlarms(count: 0, hours: 1.0 / 60, rule: AlarmRule()).perHour)
    #expect(rate.value == 0)
    #expect(rate.low == 0)
    #expect(try #require(rate.high) > 221)
  }
}
