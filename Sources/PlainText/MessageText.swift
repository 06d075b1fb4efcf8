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

  /// The text as a line for people: `printable`, of at most so many bytes; of a longer one its beginning and
  /// its end, which says what was expected. Takes no longer for a longer text.
  public func line(atMost limit: Int = 490) -> String {
    // Each scalar takes a byte at least, so that no more of them matter.
    let scalars = unicodeScalars
    let beginning = String(String.UnicodeScalarView(scalars.prefix(limit))).printable
    if scalars.count(isAtMost: limit), beginning.utf8.count <= limit { return beginning }
    let ending = String(String.UnicodeScalarView(scalars.suffix(limit))).printable
    let mark = " ... "
    let tail = (limit - mark.utf8.count) * 3 / 10
    return beginning.prefix(bytes: limit - mark.utf8.count - tail) + mark
      + ending.suffix(bytes: tail)
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

extension Collection {
  /// Whether there are no more than so many, without counting the rest.
  fileprivate func count(isAtMost limit: Int) -> Bool {
    index(startIndex, offsetBy: limit, limitedBy: endIndex).map { $0 == endIndex } ?? true
  }
}

extension String {
  /// Whole scalars from the beginning, of at most so many bytes.
  fileprivate func prefix(bytes limit: Int) -> String {
    var text = ""
    for scalar in unicodeScalars {
      guard text.utf8.count + UTF8.width(scalar) <= limit else { break }
      text.unicodeScalars.append(scalar)
    }
    return text
  }

  /// The same from the end.
  fileprivate func suffix(bytes limit: Int) -> String {
    var (start, count) = (unicodeScalars.endIndex, 0)
    while start > unicodeScalars.startIndex {
      let before = unicodeScalars.index(before: start)
      count += UTF8.width(unicodeScalars[before])
      guard count <= limit else { break }
      start = before
    }
    return String(unicodeScalars[start...])
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
