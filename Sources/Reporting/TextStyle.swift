/// Whether text may hold the control codes of a terminal.
public enum TextStyle: Sendable, Equatable {
  /// For pipes and files: no control code at all.
  case plain
  /// Headings in bold (ANSI SGR 1).
  case terminal

  func heading(_ line: String) -> String {
    self == .terminal && !line.isEmpty ? "\u{1B}[1m\(line)\u{1B}[0m" : line
  }
}
