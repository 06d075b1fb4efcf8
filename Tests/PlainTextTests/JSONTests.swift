import Testing

@testable import PlainText

/// The grammar of RFC 8259, and what we refuse beyond it.
struct JSONTests {
  private func parse(_ text: String) throws(JSONDefect) -> JSONValue {
    try JSONParser.parse(Array(text.utf8))
  }

  /// Why a text is refused.
  private func refusal(_ text: String) -> String? {
    do throws(JSONDefect) {
      _ = try parse(text)
      return nil
    } catch {
      return error.reason
    }
  }

  @Test func everyKindOfValue() throws {
    let text = " { \"b\" : [ null , true,false ], \"a\":-0.5e+3,\"\\u0041\\n\":{ } ,\"é\": \"\" }\n"
    #expect(
      try parse(text)
        == .object([
          ("b", .array([.null, .bool(true), .bool(false)])),
          ("a", .number(text: "-0.5e+3")),
          ("A\n", .object([])),
          ("é", .string("")),
        ]))
  }

  @Test func escapesAndSurrogates() throws {
    #expect(try parse(#""\"\\\/\b\f\n\r\t\uD83D\uDE00""#) == .string("\"\\/\u{8}\u{C}\n\r\t😀"))
  }

  @Test(arguments: [
    ("9223372036854775807", 9_223_372_036_854_775_807), ("-9223372036854775808", Int.min),
    ("9223372036854775808", nil), ("4.0", nil), ("4.5", nil), ("1e3", nil), ("0", 0), ("true", nil),
  ])
  func integers(text: String, integer: Int?) throws {
    #expect(try parse(text).integer == integer)
  }

  @Test(arguments: [
    ("", 0, "a value"), ("{", 1, "a string"), ("{\"a\"", 4, "a colon"),
    ("{\"a\":1", 6, "a comma or }"), ("{\"a\":1,}", 7, "a string"), ("[1,]", 3, "a value"),
    ("[1 2]", 3, "a comma or ]"), ("01", 1, "the end"), ("-", 1, "a digit"), ("1.", 2, "a digit"),
    (".5", 0, "a value"), ("1e", 2, "a digit"), ("+1", 0, "a value"), ("NaN", 0, "a value"),
    ("Infinity", 0, "a value"), ("nul", 0, "a value"), ("'a'", 0, "a value"),
    ("\"a", 2, "a closing quotation mark"), ("\"\n\"", 1, "no control character in a string"),
    (#""\x""#, 2, "an escape sequence"), (#""\u12G4""#, 5, "four hexadecimal digits"),
    (#""\uD800""#, 7, "a surrogate pair"), (#""\uDC00\uD800""#, 7, "a surrogate pair"),
    (#""\uD800\u0041""#, 13, "a surrogate pair"), ("{} {}", 3, "the end"),
    ("\u{FEFF}{}", 0, "a value"),
    ("1 // one", 2, "the end"),
  ])
  func refused(text: String, byte: Int, expected: String) {
    #expect(refusal(text) == "not valid JSON at byte \(byte): expected \(expected)")
  }

  @Test func duplicateKeys() {
    #expect(
      refusal(#"{"a":1,"b":{"a":2},"\u0061":3}"#) == "the key a occurs twice in one JSON object")
  }

  @Test func invalidUTF8() {
    #expect(throws: JSONDefect.unexpected(byte: 3, expected: .utf8)) {
      try JSONValue(parsing: [0x22, 0xFF, 0x22])
    }
  }

  @Test func depth() throws {
    let limit = JSONParser.depthLimit
    let deepest = String(repeating: "[", count: limit) + String(repeating: "]", count: limit)
    _ = try parse(deepest)
    #expect(
      refusal("[\(deepest)]")
        == "not valid JSON at byte \(limit): expected no more than 64 levels of nesting")
    #expect(throws: JSONDefect.self) { try parse(String(repeating: "[", count: 1_000_000)) }
  }

  @Test func outline() throws {
    let text = #"""
      {"seed": 7, "auc": {"clean": 0.97, "list": [1, 2, "a\u001b[31m"]}, "runs": [{"n": 1}, []],
       "none": null, "empty": {}}
      """#
    #expect(
      try parse(text).outline == [
        "seed: 7",
        "auc:",
        "  clean: 0.97",
        "  list: [1, 2, a\\u{1b}[31m]",
        "runs:",
        "  -",
        "    n: 1",
        "  - []",
        "none: null",
        "empty: {}",
      ])
  }

  @Test func written() {
    #expect(JSONValue.number(0.1).text == "0.1")
    #expect(JSONValue.number(.nan).text == "null")
    #expect(JSONValue.number(1e-7).text == "1e-07")
    #expect(JSONValue.shortest(44_100).text == "44100")
    #expect(JSONValue.shortest(0.5).text == "0.5")
    #expect(JSONValue.integer(UInt64.max).text == "9223372036854775807")
    #expect(JSONValue.number(nil).text == "null")
    #expect(JSONValue.number(100_000).text == "100000.0")
    #expect(JSONValue.array([]).text == "[]")
    #expect(JSONValue.object([]).text == "{}")
    #expect(JSONValue.array([.bool(true), .null]).text == "[true, null]")
    #expect(JSONValue.string("\r\t\u{1F}ü").text == "\"\\r\\t\\u001fü\"")
  }

  @Test func writtenAsItWasRead() throws {
    let text = #"{"b": 4.0, "a": [4, 1E5, -0, 12345678901234567890], "c": {"k": "\\"}}"#
    #expect(
      try parse(text).text.filter { $0 != "\n" } == #"""
        {  "b": 4.0,  "a": [4, 1E5, -0, 12345678901234567890],  "c": {"k": "\\"}}
        """#)
    #expect(try parse("4") != parse("4.0"))
    #expect(try parse(#"{"a":1,"b":2}"#) != parse(#"{"b":2,"a":1}"#))
  }

  @Test func pieces() {
    var bytes: [UInt8] = []
    bytes.append("a literal ")
    bytes.append(decimal: Int8.min)
    bytes.append(decimal: UInt64.max)
    bytes.append(decimal: 0)
    #expect(String(decoding: bytes, as: UTF8.self) == "a literal -128184467440737095516150")
    bytes = []
    bytes.append(number: Float(0.1))
    bytes.append(number: 0.1 + 0.2)
    bytes.append(number: Double.infinity)
    #expect(String(decoding: bytes, as: UTF8.self) == "0.10.30000000000000004null")
    bytes = []
    bytes.append(quoted: "\n\t\r\"\\\u{1}é", shortening: false)
    #expect(String(decoding: bytes, as: UTF8.self) == #""\u000a\u0009\u000d\"\\\u0001é""#)
  }
}
