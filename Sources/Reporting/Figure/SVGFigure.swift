import Foundation

/// A figure for a paper: one SVG file that needs no style sheet, in pixels, with text that stays text.
struct SVGFigure {
  let width: Double
  let height: Double
  private var elements: [String] = []

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  /// Where text stands to its place.
  enum Anchor: String {
    case start
    case middle
    case end
  }

  mutating func text(
    _ text: String, x: Double, y: Double, size: Double = 12, anchor: Anchor = .start,
    colour: String = "#222", isBold: Bool = false, isUpright: Bool = false
  ) {
    let turn = isUpright ? " transform=\"rotate(-90 \(HTML.number(x)) \(HTML.number(y)))\"" : ""
    elements.append(
      "<text x=\"\(HTML.number(x))\" y=\"\(HTML.number(y))\" font-size=\"\(HTML.number(size))\" "
        + "text-anchor=\"\(anchor.rawValue)\" fill=\"\(colour)\""
        + (isBold ? " font-weight=\"bold\"" : "") + "\(turn)>\(HTML.escaped(text))</text>")
  }

  mutating func path(
    _ path: SVGPath, colour: String, width: Double = 1, dash: String? = nil, fill: String = "none"
  ) {
    elements.append(
      "<path d=\"\(path.text)\" fill=\"\(fill)\" stroke=\"\(colour)\" stroke-width=\"\(HTML.number(width))\""
        + (dash.map { " stroke-dasharray=\"\($0)\"" } ?? "") + "/>")
  }

  /// The file's text. `title` and `description` are for those who cannot see it.
  func source(title: String, description: String) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" width="\(HTML.number(width))" height="\(HTML.number(height))" \
    viewBox="0 0 \(HTML.number(width)) \(HTML.number(height))" \
    font-family="Helvetica, Arial, 'Liberation Sans', sans-serif" role="img">
    <title>\(HTML.escaped(title))</title>
    <desc>\(HTML.escaped(description))</desc>
    <rect width="100%" height="100%" fill="#fff"/>
    \(elements.joined(separator: "\n"))
    </svg>

    """
  }
}

/// How a family of models looks: a colour that people with any colour vision can tell from the others'
/// (Okabe and Ito), and a shape of its own for print without colour.
struct FigureMark {
  let colour: String
  private let shape: Int

  private static let colours = [
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000",
  ]

  init(_ index: Int) {
    colour = Self.colours[index % Self.colours.count]
    shape = index % 5
  }

  /// The outline around a place, as far from its middle as `size`.
  func outline(x: Double, y: Double, size: Double) -> SVGPath {
    let corners: [(Double, Double)]
    switch shape {
    case 0: corners = (0..<16).map { (cos(.pi * Double($0) / 8), sin(.pi * Double($0) / 8)) }
    case 1: corners = [(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)]
    case 2: corners = [(0, -1.15), (1.05, 0.75), (-1.05, 0.75)]
    case 3: corners = [(0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)]
    default: corners = [(0, 1.15), (1.05, -0.75), (-1.05, -0.75)]
    }
    let points = corners.map { (x: x + size * $0.0, y: y + size * $0.1) }
    return SVGPath(through: points + [points[0]])
  }
}
