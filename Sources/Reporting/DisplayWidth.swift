/// Text by the columns that a terminal gives it: two for a wide character, none for a mark on another.
extension StringProtocol {
  /// Columns of the text on one line. Allocates nothing.
  var displayWidth: Int {
    // Nearly all text is ASCII, where a byte is a column.
    if utf8.allSatisfy({ $0 < 0x80 }) { return utf8.count }
    return reduce(0) { $0 + $1.displayWidth }
  }

  /// As much of the beginning as fits in so many columns.
  func beginning(width: Int) -> String {
    var left = width
    return String(
      prefix { character in
        left -= character.displayWidth
        return left >= 0
      })
  }

  /// As much of the end as fits in so many columns.
  func ending(width: Int) -> String {
    var left = width
    let characters = reversed().prefix { character in
      left -= character.displayWidth
      return left >= 0
    }
    return String(characters.reversed())
  }

  /// With spaces after it, so many columns at least.
  func leading(width: Int) -> String {
    String(self) + String(repeating: " ", count: Swift.max(0, width - displayWidth))
  }

  /// With spaces before it, so many columns at least.
  func trailing(width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - displayWidth)) + String(self)
  }

  var withoutTrailingSpaces: String {
    guard let last = lastIndex(where: { $0 != " " }) else { return "" }
    return String(self[...last])
  }
}

extension Character {
  /// Columns that a terminal gives it.
  var displayWidth: Int {
    guard let first = unicodeScalars.first else { return 0 }
    // The variation selector asks for the picture of a character that has one.
    if unicodeScalars.contains("\u{FE0F}") || first.properties.isEmojiPresentation { return 2 }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: return Self.wide.contains { $0.contains(first.value) } ? 2 : 1
    }
  }

  /// Blocks of East Asian width W and F (Unicode Standard Annex 11).
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
    0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60,
    0xFFE0...0xFFE6, 0x20000...0x3FFFD,
  ]
}
