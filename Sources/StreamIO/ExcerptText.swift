/// Bytes of an input as an error message may show them.
enum ExcerptText {
  /// In quotes, at most 40 bytes, with `?` for what is not printable ASCII.
  static func quoted(_ bytes: some Collection<UInt8>) -> String {
    let shown = bytes.prefix(40).map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }
    return "\"" + String(decoding: shown, as: UTF8.self) + (bytes.count > 40 ? "...\"" : "\"")
  }
}
