import PlainText

/// Text and numbers as a page's source has them.
enum HTML {
  /// Text that may stand between tags and in double quotes. Allocates.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\u{0}"..<" " where scalar != "\n" && scalar != "\t": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// JSON inside a script element, which no text in it can end. Allocates.
  static func data(_ value: JSONValue) -> String {
    let text = value.text.split(separator: "<", omittingEmptySubsequences: false)
      .joined(separator: "\\u003c")
    return "<script type=\"application/json\">\(text)</script>"
  }

  /// A coordinate with at most one decimal; a page has tens of thousands of them. Allocates.
  static func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let rest = abs(tenths % 10)
    let whole = abs(tenths) / 10
    return (tenths < 0 ? "-" : "") + "\(whole)" + (rest == 0 ? "" : ".\(rest)")
  }

  /// A share as a percentage for a style: `12.5%`.
  static func percent(_ share: Double) -> String {
    let thousandths = Int((share * 100_000).rounded())
    return "\(Double(thousandths) / 1_000)%"
  }
}
