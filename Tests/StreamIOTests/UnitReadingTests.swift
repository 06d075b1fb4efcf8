import PlainText
import Testing

@testable import StreamIO

/// The unit of stamps from their values alone.
@Suite struct UnitReadingTests {
  func reading(_ stamps: [String], rate: Int? = nil, isComplete: Bool = true) throws -> UnitReading
  {
    let numbers = try stamps.map { text in
      let bytes = Array(text.utf8)
      return try DecimalText(bytes.span, at: 0, grammar: .csv)
    }
    return UnitReading(numbers, rate: rate, isComplete: isComplete)
  }

  func unit(_ stamps: [Int], rate: Int? = nil, isComplete: Bool = true) throws -> TimeUnit? {
    try reading(stamps.map(String.init), rate: rate, isComplete: isComplete).unit
  }

  func steps(_ step: Int, from start: Int = 0, count: Int = 16) -> [Int] {
    (0..<count).map { start + $0 * step }
  }

  @Test func integersThatStepByARateHaveItsUnit() throws {
    #expect(try unit(steps(20)) == .ms)
    #expect(try unit(steps(20_000)) == .us)
    #expect(try unit(steps(20_000_000)) == .ns)
    #expect(try unit(steps(10)) == .ms)
    #expect(try unit(steps(5)) == .ms)
    #expect(try unit(steps(2)) == .ms)
    #expect(try unit(steps(100)) == .ms)
    #expect(try unit(steps(1)) == .s)
    #expect(try unit(steps(1_000_000)) == nil)
  }

  @Test func epochsAreThatOfTheirSize() throws {
    #expect(try unit(steps(20, from: 1_700_000_000_000)) == .ms)
    #expect(try unit(steps(1_000, from: 1_700_000_000_000)) == .ms)
    #expect(try unit(steps(1_000, from: 1_700_000_000_000_000)) == .us)
    #expect(try unit(steps(20_000_000, from: 1_700_000_000_123_456_789)) == .ns)
    #expect(try unit(steps(1, from: 1_700_000_000)) == .s)
    #expect(try unit([1_700_000_000_000]) == .ms)
    #expect(try unit([1_700_000_000_000_000_000]) == .ns)
    #expect(try unit([1_700_000_000]) == .s)
  }

  @Test func secondsHavePoints() throws {
    #expect(try reading(["0.00", "0.02", "0.04"], isComplete: false).unit == .s)
    #expect(try reading(["0", "0.1", "0.2", "0.3"], isComplete: false).unit == .s)
    #expect(try reading(["0.0", "20.1", "39.9", "60"], isComplete: false).unit == .ms)
    #expect(try reading(["1.0", "2.0", "3.0"]).unit == .s)
    #expect(try reading(["1.0", "2.0", "3.0"]).candidates.count == 0)
    #expect(try reading(["1", "2", "3"]).candidates.count == 2)
  }

  @Test func theRateThatIsToldDecidesFirst() throws {
    #expect(try unit(steps(1), rate: 1_000) == .ms)
    #expect(try unit(steps(1), rate: 1) == .s)
    #expect(try unit(steps(1_000), rate: 1) == .ms)
    #expect(try unit(steps(1_000), rate: 1_000, isComplete: false) == .us)
    #expect(try unit(steps(20), rate: 50, isComplete: false) == .ms)
    #expect(try unit(steps(100), rate: 10_000) == .us)
    // A rate that fits none is not heard.
    #expect(try unit(steps(20), rate: 16_000_000) == .ms)
  }

  @Test func burstsAndGapsDoNotMislead() throws {
    let triplets = (0..<16).map { $0 / 3 * 60 + $0 % 3 }
    #expect(try unit(triplets) == .ms)
    #expect(try unit(Array(triplets.prefix(3)), isComplete: false) == nil)
    #expect(try unit(triplets, rate: 50) == .ms)
    #expect(try unit(steps(20, count: 8) + steps(20, from: 5_000, count: 8)) == .ms)
    #expect(try unit([Int](repeating: 7, count: 8) + [Int](repeating: 8, count: 8)) == .s)
  }

  @Test func tooFewStampsAreSeconds() throws {
    #expect(try unit([]) == .s)
    #expect(try unit([0, 1_000]) == .s)
    #expect(try unit([0, 20], isComplete: false) == nil)
    #expect(try unit([0, 20, 40], isComplete: false) == .ms)
    #expect(try unit([5, 4, 3, 2]) == .s)
  }

  /// What cannot be seconds, and is no date, is left to the user.
  @Test func aLoneCounterIsUndecided() throws {
    let reading = try reading(["50000000000000"])
    #expect(reading.unit == nil)
    #expect(reading.candidates.map(\.unit) == [.us, .ns])
  }

  @Test(arguments: [
    (50, "50 Hz"), (12.5, "12.5 Hz"), (49.9999, "50 Hz"), (1_000.4, "1000 Hz"), (0.1, "0.1 Hz"),
    (33.333_333, "33.3 Hz"), (123_456, "123000 Hz"),
  ])
  func ratesHaveThreeDigits(rate: Double, text: String) {
    #expect(UnitReading.text(rate) == text)
  }
}
