/// Text as JSON writes it.
public enum JSONString {
  private static let hexadecimal = Array("0123456789abcdef")

  /// In double quotes; quotes, backslashes and control characters escaped. Allocates.
  public static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case "\u{0}"..<"\u{20}":
        quoted += "\\u00"
        quoted.append(hexadecimal[Int(scalar.value >> 4)])
        quoted.append(hexadecimal[Int(scalar.value & 15)])
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
