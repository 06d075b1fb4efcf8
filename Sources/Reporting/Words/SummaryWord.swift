/// A figure of a lane's summary: where it stands in the JSON, what people call it, and what it means.
struct SummaryWord {
  /// How a value is written for people.
  enum Unit {
    case text
    case count
    /// A plain number.
    case number
    /// Nanoseconds.
    case duration
    case seconds
    case bytes
    case operations
    /// A list of objects: how many.
    case list
  }

  /// The dotted path in the lane's JSON.
  var path: String
  var name: String
  var unit: Unit
  var meaning: String

  init(_ path: String, _ name: String, _ unit: Unit, _ meaning: String) {
    self.path = path
    self.name = name
    self.unit = unit
    self.meaning = meaning
  }
}
