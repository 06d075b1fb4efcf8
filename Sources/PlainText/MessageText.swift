/// What is wrong in a file's content, found by code that does not know the file's path.
public struct FileDefect: Error, Equatable {
  /// A clause that can follow the path and a colon.
  public let reason: String

  public init(_ reason: String) {
    self.reason = reason
  }
}

extension String {
  /// The text on one line, safe for a terminal: control, format and separator characters escaped.
  ///
  /// File contents and paths reach messages only through this.
  public var printable: String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
        text += "\\u{\(String(scalar.value, radix: 16))}"
      default:
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// A name or value out of a file, for a message: `printable`, of a length that a line can hold.
  public var excerpt: String {
    let limit = 100
    if isEmpty { return "\"\"" }
    return unicodeScalars.count <= limit
      ? printable : String(String.UnicodeScalarView(unicodeScalars.prefix(limit))).printable + "..."
  }
}
