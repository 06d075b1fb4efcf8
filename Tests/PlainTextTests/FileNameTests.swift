import PlainText
import Testing

@Suite struct FileNameTests {
  @Test(arguments: [
    Array("plain.wav".utf8), Array("täglich/日本.wav".utf8), [0x63, 0xE9, 0x2E], [0xFF],
    [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x8E], [0xED, 0xA0, 0x80], [0xC0, 0xAF],
    [0xF4, 0x90, 0x80, 0x80], Array("\u{10FE80}\u{10FEE9}".utf8), [0x80, 0xC3, 0xA9, 0x80], [],
  ])
  func everyNameComesBack(bytes: [UInt8]) {
    let name = String(fileName: bytes)
    #expect(name.fileNameBytes == bytes)
    let passed = unsafe name.withFileName { unsafe String(cString: $0) }
    #expect(passed == String(decoding: bytes, as: UTF8.self))
  }

  @Test func whatIsUTF8StaysAsItIs() {
    #expect(String(fileName: Array("é e\u{301}".utf8)) == "é e\u{301}")
    #expect(String(fileName: Array("é".utf8)).unicodeScalars.count == 1)
  }

  @Test func messagesNameTheByte() {
    #expect(String(fileName: [0x63, 0xE9]).printable == "c\\xe9")
    #expect(String(fileName: [0x63, 0xE9]).shownFileName == "c\u{FFFD}")
    #expect(JSONString.quoted(String(fileName: [0x63, 0xE9])) == "\"c\u{FFFD}\"")
    #expect(JSONString.quoted("\u{10FFFF}é") == "\"\u{10FFFF}é\"")
  }
}

@Suite struct ByteCountTextTests {
  @Test(arguments: [
    ("4096", 4_096), ("100MB", 100_000_000), ("64 MiB", 64 << 20), ("1kb", 1_000), ("2KiB", 2_048),
    ("3GB", 3_000_000_000), ("1gib", 1 << 30), ("7B", 7),
  ])
  func reads(text: String, bytes: Int) { #expect(ByteCountText.parse(text) == bytes) }

  @Test(arguments: ["", "MB", "1.5MB", "-1MB", "10M", "9223372036854775807KB", "1 0MB"])
  func refuses(text: String) { #expect(ByteCountText.parse(text) == nil) }
}
