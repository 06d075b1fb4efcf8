import Foundation
import Testing

@testable import PlainText

@Suite struct DecimalTextTests {
  func number(_ text: String, _ grammar: DecimalText.Grammar) -> (Float, Double, Int)? {
    let bytes = Array(text.utf8)
    guard let number = try? DecimalText(bytes.span, at: 0, grammar: grammar) else { return nil }
    return (number.float(in: bytes.span), number.double(in: bytes.span), number.range.upperBound)
  }

  /// strtof and strtod of the C library are the oracle, bit for bit.
  @Test func everyNumberIsTheNearestToItsText() {
    var texts = [
      "0", "-0", "0.1", "16777217", "16777216.5", "3.4028235e38", "3.4028236e38", "1.4e-45",
      "7e-46", "1e-46", "1e23", "9007199254740993", "0.3000000119209289550781250000000000001",
      "123456789012345678901234567890", "0.000000000000000000000000000001", "1e400", "-1e-400",
      "8.5e-1000000000000000000000", "4.9e-324", "1e10", "1e11", "1.00000005960464477539062500",
      "1.000000059604644775390625000000000000000000000000001",
      // In the middle between two Floats, and by the last digit of a Double beside it.
      "16777219", "8388608.5", "8388609.5", "33554434", "33554434.0000001", "0.500000029802322",
      "0.50000002980232", "1.000000059604645", "1.000000059604644", "-8388609.5000000",
    ]
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let float = Float(bitPattern: generator.next())
      let double = Double(bitPattern: generator.next())
      if float.isFinite { texts.append(float.description) }
      if double.isFinite { texts.append(double.description) }
      texts.append("\(Int.random(in: -99_999...99_999)).\(Int.random(in: 0...9_999_999))")
      // As files have them: more digits than a Float's are exact in, fewer than a Double's.
      texts.append("\(Int.random(in: -99...99)).\(Int.random(in: 10_000_000...9_999_999_999_999))")
      texts.append("\(Int.random(in: 0...99_999_999))e\(Int.random(in: -50...40))")
    }
    var wrong: [String] = []
    for text in texts {
      guard let found = number(text, .json) else {
        wrong.append(text)
        continue
      }
      let (float, double) = unsafe (strtof(text, nil), strtod(text, nil))
      if found.0.bitPattern != float.bitPattern || found.1.bitPattern != double.bitPattern
        || found.2 != text.utf8.count
      {
        wrong.append(text)
      }
    }
    #expect(wrong == [])
  }

  @Test(arguments: ["", "-", ".", "+", "e5", "1e", "1e+", "nan", "inf", "-Infinity", "x1", "-.e1"])
  func whatIsNoNumberIsNone(text: String) {
    #expect(number(text, .json) == nil)
    #expect(number(text, .csv) == nil)
  }

  @Test(arguments: ["+1", "007", ".5", "5.", "-00.25", "+.5e1"])
  func csvTakesMoreThanJSON(text: String) throws {
    #expect(number(text, .json) == nil)
    let expected = unsafe strtod(text, nil)
    #expect(try #require(number(text, .csv)).1 == expected)
  }

  /// Numbers of few and of many digits, which are read in two ways.
  @Test(arguments: ["1.5", "-0.25", "9.81e0", "1.80851500001e-004", "123456789.123456789"])
  func aCommaForThePoint(text: String) throws {
    let comma = text.replacingOccurrences(of: ".", with: ",")
    let expected = try #require(number(text, .csv))
    for (written, grammar) in [
      (comma, DecimalText.Grammar.csvWithComma), (comma, .csvWithEither), (text, .csvWithEither),
    ] {
      let found = try #require(number(written, grammar))
      #expect(found == expected, "\(written)")
    }
    // The number ends at the mark that is none.
    let end = text.utf8.firstIndex(of: UInt8(ascii: "."))
    let length = text.utf8.distance(from: text.startIndex, to: try #require(end))
    #expect(number(comma, .csv)?.2 == length)
    #expect(number(text, .csvWithComma)?.2 == length)
  }

  @Test func hexadecimalsEndAtTheirLetter() throws {
    #expect(try #require(number("0x10", .csv)).2 == 1)
  }

  @Test(arguments: [
    ("", DecimalText.Defect.noNumber), ("x", .noNumber), (".5", .noNumber), ("-", .noDigit(1)),
    ("1.", .noDigit(2)), ("1e", .noDigit(2)), ("1e+", .noDigit(3)), ("-01", .leadingZero(2)),
  ])
  func aDefectSaysWhere(text: String, defect: DecimalText.Defect) {
    let bytes = Array(text.utf8)
    #expect(throws: defect) { try DecimalText(bytes.span, at: 0, grammar: .json) }
  }

  @Test(arguments: [
    ("1.5e1", 15), ("+.5", 0.5), ("1 ", nil), (" 1", nil), ("1e999", nil), ("", nil),
  ])
  func wholeTexts(text: String, number: Double?) {
    #expect(DecimalText.double(text, grammar: .csv) == number)
  }

  @Test(
    arguments: [
      ("0.02", 9, 20_000_000), ("1700000000.123456789", 9, 1_700_000_000_123_456_789),
      ("1700000000123456789", 0, 1_700_000_000_123_456_789), ("1700000000123", 9, nil),
      ("1700000000123", 6, 1_700_000_000_123_000_000),
      ("1700000000123", 0, 1_700_000_000_123), ("-0.5", 0, -1), ("0.5", 0, 1), ("0.49999", 0, 0),
      ("1.7e9", 9, 1_700_000_000_000_000_000), ("1e999", 0, nil), ("-1e-999", 9, 0),
      ("0e999", 9, 0),
      ("0.0000000004999999999999999999999999", 9, 0), ("0.0000000005", 9, 1),
      ("0.00000000000000000001", 9, 0), ("9223372036854775807", 0, Int64.max),
      ("9223372036854775808", 0, nil), ("-9223372036854775808", 0, Int64.min),
      ("-9223372036854775809", 0, nil), ("9223372036.8547758074", 9, Int64.max),
      ("9223372036.8547758075", 9, nil), ("10000000000000000000000000000", 0, nil),
      ("1000000000000000000.4999", 0, 1_000_000_000_000_000_000),
      ("1000000000000000000.5", 0, 1_000_000_000_000_000_001),
      ("12345678901234567890123e-13", 9, 1_234_567_890_123_456_789),
      ("00000000000000000000000000000000001", 9, 1_000_000_000),
      ("99999999999999999999e-10", 9, nil),
      ("0.99999999999999999999999", 9, 1_000_000_000),
    ] as [(String, Int, Int64?)])
  func integersAreExact(text: String, power: Int, integer: Int64?) throws {
    let bytes = Array(text.utf8)
    let number = try DecimalText(bytes.span, at: 0, grammar: .csv)
    #expect(number.scaled(byPowerOfTen: power) == integer)
  }

  /// Seconds with nine digits behind the point are their ns.
  @Test func shiftedDigitsAreTheText() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<5_000 {
      let nanoseconds = Int64.random(in: Int64.min...Int64.max, using: &random)
      let (whole, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
      let fraction = String(1_000_000_000 + rest).dropFirst()
      let bytes = Array("\(nanoseconds < 0 ? "-" : "")\(whole).\(fraction)".utf8)
      let number = try DecimalText(bytes.span, at: 0, grammar: .json)
      #expect(number.scaled(byPowerOfTen: 9) == nanoseconds)
      #expect(!number.isInteger)
    }
  }
}
