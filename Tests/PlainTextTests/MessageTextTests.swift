import Testing

@testable import PlainText

/// What messages show of text that others wrote.
@Suite struct MessageTextTests {
  @Test(arguments: [
    ("plain é 日本 😀", "plain é 日本 😀"), ("a\nb\r\t", "a\\u{a}b\\u{d}\\u{9}"),
    ("\u{1B}[31m", "\\u{1b}[31m"), ("\u{7F}\u{9B}2J", "\\u{7f}\\u{9b}2J"),
    ("\u{202E}txt", "\\u{202e}txt"), ("\u{2028}\u{E000}", "\\u{2028}\\u{e000}"),
    ("\\u{1b}", "\\u{1b}"),
  ])
  func controlsAreVisible(text: String, shown: String) {
    #expect(text.printable == shown)
    #expect(shown.printable == shown)
  }

  @Test("A line has a beginning and an end, whole characters and no more bytes than it may")
  func lines() {
    #expect("plain".line() == "plain")
    #expect("a\u{1b}b".line() == "a\\u{1b}b")
    for count in [488, 490, 491, 600, 100_000] {
      for unit in ["x", "é", "日", "😀", "\u{7}"] {
        let text = "begins " + String(repeating: unit, count: count) + " ends"
        let line = text.line()
        #expect(line.utf8.count <= 490)
        #expect(line.hasPrefix("begins ") && line.hasSuffix(" ends"))
        #expect(line == line.printable)
        #expect(line.contains(" ... ") || text.printable == line)
      }
    }
  }

  @Test func longTextsAreCut() {
    let long = String(repeating: "x", count: 101)
    #expect(long.excerpt == String(repeating: "x", count: 100) + "...")
    #expect(long.dropLast().excerpt == String(repeating: "x", count: 100))
    #expect(long.quotedExcerpt == "\"" + String(repeating: "x", count: 40) + "...\"")
    #expect("".excerpt == "\"\"")
    #expect("".quotedExcerpt == "\"\"")
    #expect("a\u{7}".quotedExcerpt == "\"a\\u{7}\"")
  }
}
