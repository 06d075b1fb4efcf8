import LatencyLog
import Testing

@Suite("Twins: figures")
struct TwinTallyTests {
  /// A period whose frames differ by what a test says.
  static func period(_ differences: [Float]) -> TwinPeriod {
    var period = TwinPeriod(length: differences.count)
    for (age, difference) in differences.enumerated() {
      #expect(!period.isWhole)
      period.add(difference, age: age)
    }
    #expect(period.isWhole)
    return period
  }

  @Test("The difference of a period is the largest in its last tenth, of one frame at least")
  func lastTenth() {
    let falling = (0..<40).map { Float(40 - $0) }
    #expect(Self.period(falling).endDifference == 4)
    #expect(Self.period(Array(falling[..<19])).endDifference == 22)
    #expect(Self.period([3]).endDifference == 3)
    let peaks = falling.indices.map { Float($0 == 35 ? 9 : $0 == 37 ? 2 : 0) }
    #expect(Self.period(peaks).endDifference == 2)
  }

  @Test("They agree from where on no further output is more than 0.01 apart")
  func agreement() {
    let ends = Self.period([1, 0.02, 0.01, 0, 0.011, 0.01, 0, 0, 0, 0.01])
    #expect(ends.differingFrames == 5 && ends.endsWithin)
    let never = Self.period([0, 0, 0, 0, 0, 0, 0, 0, 0, 0.0101])
    #expect(never.differingFrames == 10 && !never.endsWithin)
    #expect(Self.period([0, 0.01]).differingFrames == 0)
    // An output that is no number agrees with nothing.
    let infinite = Self.period([0, .infinity])
    #expect(infinite.differingFrames == 2 && !infinite.endsWithin)
  }

  @Test("Periods are counted, with the first, the last and the largest difference, and when")
  func periods() {
    var tally = TwinTally()
    #expect(tally.first == nil && tally.median == nil && tally.agreement.max == nil)
    for index in 0..<20 {
      let end: Float = index == 7 ? 0.5 : Float(index) / 10_000
      tally.add(
        Self.period([1, 1, end]), framePeriod: 10_000_000, endedAt: Double(index + 1) * 0.03)
      #expect((tally.median == nil) == (index < 19))
    }
    #expect(tally.periods == 20 && tally.periodsApart == 1)
    #expect(tally.first == 0 && tally.last == 0.0019 && tally.largest == 0.5)
    #expect(tally.largestAt == 8 * 0.03)
    // The tenth of 20: seven are below the peak's place, and it is above all.
    #expect(tally.median == 0.001)
    #expect(tally.agreement.count == 19 && tally.agreement.max == 20_000_000)
  }

  @Test("A difference without bound stays one")
  func infinite() {
    var tally = TwinTally()
    for _ in 0..<20 {
      tally.add(Self.period([.infinity]), framePeriod: 1, endedAt: 1)
    }
    #expect(tally.largest == .infinity && tally.periodsApart == 20)
    #expect(tally.median == 1e6)
  }
}
