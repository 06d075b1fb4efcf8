import PlainText

/// Values of a summary's JSON as cells of a table, each with its path and its exact value in the
/// page's source.
enum SummaryCells {
  static func cell(_ value: JSONValue?, path: String, unit: SummaryWord.Unit) -> String {
    "<td data-path=\"\(HTML.escaped(path))\" data-value=\"\(HTML.escaped(source(value)))\">"
      + "\(HTML.escaped(text(value, unit)))</td>"
  }

  /// The value as JSON has it; of a list, how many.
  static func source(_ value: JSONValue?) -> String {
    switch value {
    case .array(let values): String(values.count)
    case .some(let value): value.text
    case nil: "null"
    }
  }

  static func text(_ value: JSONValue?, _ unit: SummaryWord.Unit) -> String {
    switch value {
    case .number(let digits): number(digits, unit)
    case .string(let text): text
    case .bool(let value): value ? "yes" : "no"
    case .array(let values): Figure.count(values.count)
    case .object, .null, nil: Figure.unsupported
    }
  }

  private static func number(_ digits: String, _ unit: SummaryWord.Unit) -> String {
    if let whole = Int64(digits) {
      return switch unit {
      case .duration: AxisText.duration(whole)
      case .bytes: Figure.bytes(Int(whole))
      case .operations: Figure.operations(Int(whole))
      case .seconds: "\(Figure.count(whole)) s"
      default: Figure.count(whole)
      }
    }
    guard let value = Double(digits) else { return Figure.unsupported }
    return unit == .seconds ? "\(AxisText.plain(value)) s" : number(value)
  }

  private static func number(_ value: Double) -> String {
    (value < 0 ? "−" : "") + ThreeDigits.text(abs(value))
  }
}
