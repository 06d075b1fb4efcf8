/// One value of a line, before it is known what it stands for.
enum LabelField: Sendable, Equatable {
  /// Text that may be a number or a label: a CSV field, or a number or word of JSON.
  case bare(String)
  /// A string of JSON, which is never a number.
  case string(String)
  /// JSON's null.
  case null

  /// The value as an error message shows it.
  var shown: String {
    switch self {
    case .bare(let text): text.isEmpty ? "empty" : LabelDefect.quoted(text)
    case .string(let text): "the string " + LabelDefect.quoted(text)
    case .null: "null"
    }
  }

  /// Seconds since the stream began: a decimal number, not negative, below a century.
  func seconds(_ column: String) throws(LabelDefect) -> Double {
    let decimal = Set("+-.0123456789eE".utf8)
    guard case .bare(let text) = self, text.utf8.allSatisfy(decimal.contains),
      let value = Double(text), value >= 0, value < 4e9
    else {
      throw LabelDefect("\(column) is \(shown), expected seconds since the stream began")
    }
    return value
  }

  /// A frame's absolute index.
  func frame(_ column: String) throws(LabelDefect) -> Int64 {
    guard case .bare(let text) = self, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let value = Int64(text), value < Int64.max
    else {
      throw LabelDefect("\(column) is \(shown), expected a frame index, counted from 0")
    }
    return value
  }

  /// The label; nil where there is none.
  var label: String? {
    switch self {
    case .bare(let text), .string(let text): text.isEmpty ? nil : text
    case .null: nil
    }
  }
}
