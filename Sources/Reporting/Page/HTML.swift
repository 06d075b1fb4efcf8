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

  /// Sentences as a list. Allocates.
  static func notes(_ sentences: [String]) -> String {
    "<ul class=\"notes\">" + sentences.map { "<li>\(escaped($0))</li>" }.joined() + "</ul>"
  }

  /// A table that may be wider than the page; the cells of its head and its rows are HTML.
  static func table(head: [String], rows: [String], attributes: String = "") -> String {
    """
    <div class="scroll"><table\(attributes)>
    <thead><tr>\(head.joined())</tr></thead>
    <tbody>
    \(rows.joined())</tbody>
    </table></div>
    """
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

/// The `d` of a path that is drawn point by point.
struct SVGPath {
  private(set) var text = ""

  mutating func move(_ x: Double, _ y: Double) {
    text += "M\(HTML.number(x)) \(HTML.number(y))"
  }

  mutating func line(_ x: Double, _ y: Double) {
    text += "L\(HTML.number(x)) \(HTML.number(y))"
  }

  /// A point that the stroke's round ends make visible.
  mutating func dot(_ x: Double, _ y: Double) {
    text += "M\(HTML.number(x)) \(HTML.number(y))h0"
  }

  /// An upright line.
  mutating func tick(_ x: Double, from top: Double, to bottom: Double) {
    text += "M\(HTML.number(x)) \(HTML.number(top))V\(HTML.number(bottom))"
  }

  mutating func rectangle(_ x: Double, _ y: Double, width: Double, height: Double) {
    move(x, y)
    text += "h\(HTML.number(width))v\(HTML.number(height))h\(HTML.number(-width))z"
  }

  /// Points joined by lines.
  init(through points: [(x: Double, y: Double)] = []) {
    for (index, point) in points.enumerated() {
      if index == 0 { move(point.x, point.y) } else { line(point.x, point.y) }
    }
  }

  /// Areas between the ends of ranges, one a stretch without holes; `x` is of an index, `y` of an end.
  static func band(
    _ ranges: [ClosedRange<Double>?], x: (Int) -> Double, y: (Double) -> Double
  ) -> SVGPath {
    var path = SVGPath()
    for stretch in ranges.indices.split(whereSeparator: { ranges[$0] == nil }) {
      let edges = stretch.compactMap { index in
        ranges[index].map { (x: x(index), low: y($0.lowerBound), high: y($0.upperBound)) }
      }
      path.text += SVGPath(through: edges.map { ($0.x, $0.high) }).text
      for edge in edges.reversed() { path.line(edge.x, edge.low) }
      path.text += "Z"
    }
    return path
  }
}

/// A lane looks the same wherever it appears: a colour that people with any colour vision can tell
/// from the others', and a dash of its own.
enum LaneColour {
  static let count = 8

  /// The class that the page's style gives the colour and the dash.
  static func name(_ lane: Int) -> String { "lane\(lane % count + 1)" }

  /// The lane's name with its colour in front of it.
  static func label(_ name: String, lane: Int) -> String {
    "<span class=\"key \(Self.name(lane))\"><i></i>\(HTML.escaped(name))</span>"
  }

  /// The names of all lanes in a line.
  static func legend(_ names: [String]) -> String {
    "<p class=\"legend\">"
      + names.enumerated().map { label($1, lane: $0) }.joined(separator: " ") + "</p>"
  }
}
