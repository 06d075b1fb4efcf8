import Testing

@testable import PlainText

@Suite struct DurationTextTests {
  @Test(arguments: [
    ("20ms", 20_000_000), ("20 ms", 20_000_000), (" 1.5s ", 1_500_000_000), ("800us", 800_000),
    ("1ns", 1), ("0.001us", 1), ("1.25ms", 1_250_000), ("3600s", 3_600_000_000_000),
    ("1.000ns", 1), ("9223372036.854775807s", Int64.max),
  ])
  func reads(text: String, nanoseconds: Int64) throws {
    #expect(try DurationText.parse(text) == nanoseconds)
  }

  @Test(arguments: [
    ("10m", 600_000_000_000), ("1.5 min", 90_000_000_000), ("12h", 43_200_000_000_000),
    ("3d", 259_200_000_000_000), ("20ms", 20_000_000),
  ])
  func readsLong(text: String, nanoseconds: Int64) throws {
    #expect(try DurationText.parse(text, allowingLong: true) == nanoseconds)
  }

  @Test(arguments: [
    ("5", DurationTextError.missingUnit("5")), ("0.5 ", .missingUnit("0.5")),
    ("", .malformed("")), ("ms", .malformed("ms")), ("-5ms", .malformed("-5ms")),
    ("5m", .malformed("5m")), ("5MS", .malformed("5MS")), ("1e3ms", .malformed("1e3ms")),
    (".5ms", .malformed(".5ms")), ("5.ms", .malformed("5.ms")), ("1.2.3s", .malformed("1.2.3s")),
    ("1 2ms", .malformed("1 2ms")), ("nan s", .malformed("nan s")),
    ("0ms", .notPositive("0ms")), ("0.0s", .notPositive("0.0s")),
    ("0.5ns", .finerThanNanosecond("0.5ns")),
    ("1.0000000001s", .finerThanNanosecond("1.0000000001s")),
    ("9223372036.854775808s", .tooLong("9223372036.854775808s")),
    ("99999999999999999999ns", .tooLong("99999999999999999999ns")),
    ("9223372036854775807s", .tooLong("9223372036854775807s")),
  ])
  func refuses(text: String, error: DurationTextError) {
    #expect(throws: error) { try DurationText.parse(text) }
  }

  @Test func aMissingUnitSaysWhatToWrite() {
    #expect(
      DurationTextError.missingUnit("5").description
        == "'5' has no unit: write 5ns, 5us, 5ms or 5s")
  }

  @Test func zeroWhereItIsAllowed() throws {
    #expect(try DurationText.parse("0ms", allowingZero: true) == 0)
  }

  @Test(arguments: [
    (0, "0 ns"), (1, "1 ns"), (999, "999 ns"), (1_000, "1.00 us"), (1_234, "1.23 us"),
    (12_345, "12.3 us"), (123_456, "123 us"), (999_499, "999 us"), (999_500, "1.00 ms"),
    (9_994_999, "9.99 ms"), (9_995_001, "10.0 ms"), (99_950_000, "100 ms"),
    (110_000_000, "110 ms"), (1_230_000_000, "1.23 s"), (1_234_000_000_000, "1234 s"),
    (-1_500_000, "-1.50 ms"),
  ])
  func writesThreeDigits(nanoseconds: Int64, text: String) {
    #expect(DurationText.format(nanoseconds) == text)
  }

  @Test(arguments: [
    (0, "0 ns"), (20_000_001, "20.000001 ms"), (20_040_000, "20.04 ms"), (110_000_000, "110 ms"),
    (1_000, "1 us"), (1_050, "1.05 us"), (-2_500, "-2.5 us"),
  ])
  func writesEveryDigit(nanoseconds: Int64, text: String) {
    #expect(DurationText.exact(nanoseconds) == text)
  }

  @Test(arguments: [
    (0.0, "0"), (0.00312, "0.00312"), (0.0312, "0.0312"), (0.9996, "1.00"), (1.0, "1.00"),
    (9.996, "10.0"), (99.96, "100"), (1_234.4, "1234"), (0.1, "0.100"),
  ])
  func threeDigits(value: Double, text: String) {
    #expect(ThreeDigits.text(value) == text)
  }

  @Test(arguments: [
    (0, "0"), (12, "12"), (999, "999"), (1_000, "1,000"), (309_633, "309,633"),
    (1_234_567, "1,234,567"), (-1, "-1"), (-123, "-123"), (-1_234, "-1,234"),
    (.min, "-9,223,372,036,854,775,808"),
  ])
  func grouping(number: Int, text: String) {
    #expect(number.grouped == text)
  }
}
