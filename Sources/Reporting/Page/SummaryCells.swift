import LatencyLog

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
    switch (value, unit) {
    case (.integer(let value), .duration): AxisText.duration(value)
    case (.integer(let value), .bytes): Figure.bytes(Int(value))
    case (.integer(let value), .operations): Figure.operations(Int(value))
    case (.integer(let value), .seconds): "\(Figure.count(value)) s"
    case (.number(let value), .seconds): "\(AxisText.plain(value)) s"
    case (.integer(let value), _): Figure.count(value)
    case (.number(let value), _): value.isFinite ? number(value) : Figure.unsupported
    case (.string(let text), _): text
    case (.bool(let value), _): value ? "yes" : "no"
    case (.array(let values), _): Figure.count(values.count)
    case (.object, _), (.null, _), (nil, _): Figure.unsupported
    }
  }

  private static func number(_ value: Double) -> String {
    (value < 0 ? "−" : "") + ThreeDigits.text(abs(value))
  }
}
