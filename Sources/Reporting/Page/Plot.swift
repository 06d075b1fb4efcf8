import PlainText

/// A plot: shapes that stretch with the page, between axes whose text keeps its size.
struct Plot {
  /// Units across; shapes are drawn from 0 to here.
  static let width = 1_000.0

  /// One mark along an axis.
  struct Tick {
    var share: Double
    var text: String
  }

  /// In pixels, and units of the shapes.
  var height: Double
  /// What the plot shows, for those who cannot see it.
  var label: String
  /// Plots of one axis show the pointer's place together.
  var axis = ""
  /// Plots of one group tell their values together.
  var group = ""
  /// What lies along the axes.
  var xTitle: String?
  var yTitle: String?
  var xTicks: [Tick] = []
  var yTicks: [Tick] = []
  /// At the left instead of ticks.
  var rowTitle: String?
  /// SVG elements, the first below the others.
  var shapes: [String] = []
  /// Text on the plot.
  var notes: [String] = []
  /// What the pointer tells, on the scale of x.
  var readout: (x: Scale, unit: String, series: [PlotSeries])?

  /// Adds text whose corner or end is at a place, in shares of the plot.
  mutating func note(_ text: String, x: Double, y: Double, classes: String = "") {
    let edge =
      x > 0.5
      ? "right:\(HTML.percent(1 - x))" : "left:\(HTML.percent(x))"
    notes.append(
      "<span class=\"note \(classes)\" style=\"\(edge);top:\(HTML.percent(y))\">"
        + "\(HTML.escaped(text))</span>")
  }

  /// Adds text whose middle is at a place, in units of the shapes.
  mutating func mark(_ text: String, x: Double, y: Double, classes: String = "") {
    notes.append(
      "<span class=\"note mark \(classes)\" style=\"left:\(HTML.percent(x / Self.width));"
        + "top:\(HTML.percent(y / height))\">\(HTML.escaped(text))</span>")
  }

  /// Adds a path above the shapes so far; `classes` are those of the page's style, `title` is shown
  /// to people who point at it.
  mutating func add(_ path: SVGPath, _ classes: String, title: String? = nil) {
    let end = title.map { "><title>\(HTML.escaped($0))</title></path>" } ?? "/>"
    shapes.append("<path class=\"\(classes)\" d=\"\(path.text)\"\(end)")
  }

  /// Adds a dashed line at a height, for all lanes or for the one of the style.
  mutating func addDeadline(at y: Double, style: String = "all") {
    shapes.append("<path class=\"deadline \(style)\" d=\"M0 \(HTML.number(y))H1000\"/>")
  }

  var html: String {
    let grid =
      yTicks.map { tick in
        let y = HTML.number((1 - tick.share) * height)
        return "<path class=\"grid\" d=\"M0 \(y)H1000\"/>"
      }
      + xTicks.map { tick in
        "<path class=\"grid\" d=\"M\(HTML.number(tick.share * Self.width)) 0V"
          + "\(HTML.number(height))\"/>"
      }
    let left =
      rowTitle.map(HTML.escaped).map { "<span class=\"row\" title=\"\($0)\">\($0)</span>" }
      ?? yTicks.map { tick in
        "<span style=\"top:\(HTML.percent(1 - tick.share))\">\(HTML.escaped(tick.text))</span>"
      }.joined()
    let below = xTicks.map { tick in
      // At the corners beside the other axis' text, not below it.
      let place = tick.share < 0.02 ? "first" : tick.share > 0.98 ? "last" : ""
      return "<span class=\"\(place)\" style=\"left:\(HTML.percent(tick.share))\">"
        + "\(HTML.escaped(tick.text))</span>"
    }.joined()
    let classes = rowTitle == nil ? "plot" : "plot rows"
    let focus = readout == nil ? "" : " tabindex=\"0\""
    func title(_ text: String?, _ name: String) -> String {
      text.map { "<div class=\"axis-title \(name)\">\(HTML.escaped($0))</div>" } ?? ""
    }
    return """
      <div class="\(classes)" data-axis="\(axis)" data-group="\(group)">\(title(yTitle, "above"))
      <div class="y" aria-hidden="true">\(left)</div>
      <div class="area" style="height:\(HTML.number(height))px" role="img"\(focus) \
      aria-label="\(HTML.escaped(label))"><svg viewBox="0 0 1000 \(HTML.number(height))" \
      preserveAspectRatio="none" aria-hidden="true">\((grid + shapes).joined())</svg>\
      \(notes.joined())</div>
      \(below.isEmpty ? "" : "<div class=\"x\" aria-hidden=\"true\">\(below)</div>")\(title(xTitle, "below"))
      \(data)</div>

      """
  }

  private var data: String {
    guard let readout else { return "" }
    return HTML.data(
      .object([
        ("low", .number(readout.x.low)), ("high", .number(readout.x.high)),
        ("logarithmic", .bool(readout.x.isLogarithmic)), ("unit", .string(readout.unit)),
        ("series", .array(readout.series.map(\.json))),
      ]))
  }
}

/// A series' values for people who point at a plot.
struct PlotSeries {
  /// What the page's script makes of a value.
  enum Unit: String {
    case nanoseconds = "ns"
    case plain = ""
  }

  var name: String
  /// Nil for what belongs to no lane.
  var lane: Int?
  var unit: Unit
  /// The first value's x, and from each to the next.
  var start: Double
  var step: Double
  /// The lowest and the highest value of each place; nil where there is nothing.
  var ranges: [ClosedRange<Double>?]
  /// Sentences about single values, by their index.
  var remarks: [(index: Int, text: String)] = []

  var json: JSONValue {
    let (low, high) = (ranges.map { $0?.lowerBound }, ranges.map { $0?.upperBound })
    return .object([
      ("name", .string(name)),
      ("lane", .string(lane.map(LaneColour.name) ?? "")),
      ("unit", .string(unit.rawValue)),
      ("start", .number(start)), ("step", .number(step)),
      ("low", .array(low.map(Self.number))),
      // Most series have one value a place.
      ("high", low == high ? .null : .array(high.map(Self.number))),
      ("remarks", .object(remarks.map { (String($0.index), .string($0.text)) })),
    ])
  }

  /// An integer where it is one, else rounded to five decimals.
  private static func number(_ value: Double?) -> JSONValue {
    guard let value else { return .null }
    if let whole = Int64(exactly: value) { return .integer(whole) }
    return .number((value * 100_000).rounded() / 100_000)
  }
}
