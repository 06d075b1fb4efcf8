/// What is wrong in a file's content, found by code that does not know the file's path.
public struct FileDefect: Error, Equatable {
  /// A clause that can follow the path and a colon.
  public let reason: String

  public init(_ reason: String) {
    self.reason = reason
  }
}

/// What a message may show of text that others wrote: file contents, names, paths.
extension StringProtocol {
  /// The text on one line, safe for a terminal: control, format and separator characters are
  /// escaped, as in `\u{1b}`, and bytes of a file name that are no UTF-8, as in `\xe9`. What is escaped
  /// already stays as it is. Allocates.
  public var printable: String {
    var text = ""
    for scalar in unicodeScalars {
      if let byte = scalar.fileNameByteText {
        text += byte
        continue
      }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
        text += "\\u{\(String(scalar.value, radix: 16))}"
      default:
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// A name or value for a message: `printable`, of at most 100 characters; `""` for nothing.
  public var excerpt: String { isEmpty ? "\"\"" : beginning(100) }

  /// A piece of a line for a message: in quotes, `printable`, of at most 40 characters.
  public var quotedExcerpt: String { "\"\(beginning(40))\"" }

  private func beginning(_ limit: Int) -> String {
    let scalars = unicodeScalars.prefix(limit)
    let shown = String(String.UnicodeScalarView(scalars)).printable
    return scalars.endIndex == unicodeScalars.endIndex ? shown : shown + "..."
  }
}

extension Sequence<String> {
  /// Names for a message, each as `excerpt`; what is beyond the limit is an ellipsis. Allocates.
  public func list(atMost limit: Int = .max) -> String {
    let all = Array(self)
    return all.prefix(limit).map(\.excerpt).joined(separator: ", ")
      + (all.count > limit ? ", ..." : "")
  }
}
