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

  mutating func close() { text += "Z" }

  /// Points joined by lines.
  static func line(through points: [(x: Double, y: Double)]) -> String {
    var path = SVGPath()
    for (index, point) in points.enumerated() {
      if index == 0 { path.move(point.x, point.y) } else { path.line(point.x, point.y) }
    }
    return path.text
  }

  /// Areas between a lower and an upper edge, one a stretch without holes.
  static func band(_ points: [(x: Double, low: Double, high: Double)?]) -> String {
    var path = SVGPath()
    for stretch in points.split(whereSeparator: { $0 == nil }) {
      let stretch = stretch.compactMap { $0 }
      for (index, point) in stretch.enumerated() {
        if index == 0 { path.move(point.x, point.high) } else { path.line(point.x, point.high) }
      }
      for point in stretch.reversed() { path.line(point.x, point.low) }
      path.close()
    }
    return path.text
  }
}
