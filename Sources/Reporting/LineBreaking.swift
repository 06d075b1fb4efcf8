/// Breaks text into lines of limited width.
enum LineBreaking {
  /// Sentences: broken at spaces; lines after the first are indented by two.
  static func sentence(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty && line.count + 1 + word.count > width {
        lines.append(line)
        line = "  " + word
      } else {
        line += line.isEmpty ? String(word) : " " + word
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// Names: broken after `-`, `_` or `.` where that fits, anywhere where not; nothing is lost.
  static func name(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var rest = text[...]
    while rest.count > width {
      let head = rest.prefix(width)
      let end = head.lastIndex(where: "-_.".contains).map(head.index(after:)) ?? head.endIndex
      lines.append(String(rest[..<end]))
      rest = rest[end...]
    }
    return lines + [String(rest)]
  }
}
