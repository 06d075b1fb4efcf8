import PlainText

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
  /// Nil where there is nothing; `low` and `high` are of one length.
  var low: [Double?]
  var high: [Double?]
  /// Sentences about single values, by their index.
  var remarks: [(index: Int, text: String)] = []

  var json: JSONValue {
    .object([
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

  /// Whole where it is, else as a Float: that is what it came from.
  private static func number(_ value: Double?) -> JSONValue {
    guard let value else { return .null }
    if let whole = Int64(exactly: value) { return .integer(whole) }
    return .number((value * 100_000).rounded() / 100_000)
  }
}
