import Testing

@testable import ModelFiles

/// The grammar of RFC 8259, and what we refuse beyond it.
struct JSONParserTests {
  private func parse(_ text: String) throws(FileDefect) -> JSONValue {
    try JSONParser.parse(Array(text.utf8))
  }

  @Test func everyKindOfValue() throws {
    let text = " { \"b\" : [ null , true,false ], \"a\":-0.5e+3,\"\\u0041\\n\":{ } ,\"é\": \"\" }\n"
    #expect(
      try parse(text)
        == .object([
          .init(name: "b", value: .array([.null, .bool(true), .bool(false)])),
          .init(name: "a", value: .number("-0.5e+3")),
          .init(name: "A\n", value: .object([])),
          .init(name: "é", value: .string("")),
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
    #expect(throws: FileDefect("not valid JSON at byte \(byte): expected \(expected)")) {
      try parse(text)
    }
  }

  @Test func duplicateKeys() {
    #expect(throws: FileDefect("the key a occurs twice in one JSON object")) {
      try parse(#"{"a":1,"b":{"a":2},"\u0061":3}"#)
    }
  }

  @Test func invalidUTF8() {
    #expect(
      throws: FileDefect("not valid JSON at byte 3: expected a string before it in valid UTF-8")
    ) {
      try JSONParser.parse([0x22, 0xFF, 0x22])
    }
  }

  @Test func depth() throws {
    let limit = JSONParser.depthLimit
    let deepest = String(repeating: "[", count: limit) + String(repeating: "]", count: limit)
    _ = try parse(deepest)
    #expect(
      throws: FileDefect(
        "not valid JSON at byte \(limit): expected no more than 64 levels of nesting")
    ) {
      try parse("[\(deepest)]")
    }
    #expect(throws: FileDefect.self) { try parse(String(repeating: "[", count: 1_000_000)) }
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
}
