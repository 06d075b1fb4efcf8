import PlainText

/// What a user says about CSV and NDJSON.
public struct LineOptions: Sendable, Equatable {
  /// The column or key of the time stamps; nil finds it by its name.
  public var timeColumn: String?
  /// The unit of stamps that are numbers; nil finds it by the column's name, or by the first stamps.
  public var timeUnit: TimeUnit?
  /// The columns or keys that are channels, by name or by number from 1; nil takes those that a model
  /// names, else all.
  public var columns: [String]?
  /// Whether the first line of CSV names the columns; else they are called 1, 2, ...
  public var hasHeader: Bool
  /// What becomes of a line that holds no sample.
  public var badLines: BadLinePolicy

  public init(
    timeColumn: String? = nil, timeUnit: TimeUnit? = nil, columns: [String]? = nil,
    hasHeader: Bool = true, badLines: BadLinePolicy = .stop
  ) {
    self.timeColumn = timeColumn
    self.timeUnit = timeUnit
    self.columns = columns
    self.hasHeader = hasHeader
    self.badLines = badLines
  }

  /// The first option about the time that is there, as it is written.
  var timeOption: String? {
    timeColumn != nil ? "--time-column" : timeUnit != nil ? "--time-unit" : nil
  }

  /// The first option that only lines can follow, as it is written.
  public var option: String? {
    timeOption ?? (columns != nil ? "--columns" : nil) ?? (hasHeader ? nil : "--no-header")
      ?? (badLines == .stop ? nil : "--bad-lines")
  }
}

/// What becomes of a line that cannot be read, is empty, or repeats a stamp.
public enum BadLinePolicy: String, Sendable, CaseIterable {
  /// It is an error.
  case stop
  /// Its sample is lost, and counted.
  case skip
  /// The sample before it is repeated, and counted.
  case hold
}

/// The column or key that stamps the lines of an input.
struct TimeColumn: Equatable {
  let name: String
  /// Its place among all columns or keys.
  let index: Int
  /// Told by an option or by the name.
  var unit: TimeUnit?
  /// Whether it was taken for its name, though that is not `time`.
  var isGuess = false
  /// Whether its number was told.
  var isNumbered = false

  /// - Parameter names: the columns or keys of the first line.
  /// - Returns: nil where none of them is a time.
  static func find(
    among names: [String], noun: String, options: LineOptions
  ) throws(LineError) -> TimeColumn? {
    var found: TimeColumn?
    if let name = options.timeColumn {
      let number = Int(name).flatMap { names.indices.contains($0 - 1) ? $0 - 1 : nil }
      let named = names.firstIndex(of: name)
      guard let index = named ?? number else {
        throw LineError(
          " has no \(noun) called \(name.excerpt) (--time-column), expected one of "
            + names.list(atMost: 32), isFinal: true)
      }
      found = TimeColumn(
        name: names[index], index: index, unit: unit(in: names[index]), isNumbered: named == nil)
    } else if let index = names.firstIndex(of: "time") {
      found = TimeColumn(name: "time", index: index)
    } else {
      let likely = names.filter { isLikely($0) }
      guard likely.count <= 1 else {
        throw LineError(
          " has several \(noun)s that may be its time (\(likely.list())), "
            + "expected --time-column to name one", isFinal: true)
      }
      if let name = likely.first, let index = names.firstIndex(of: name) {
        found = TimeColumn(name: name, index: index, unit: unit(in: name), isGuess: true)
      }
    }
    if let unit = options.timeUnit {
      guard found != nil else {
        throw LineError(
          " has no \(noun) called time for --time-unit, expected --time-column to name one of "
            + names.list(atMost: 32), isFinal: true)
      }
      found?.unit = unit
    }
    return found
  }

  /// Whether a name says that its column is a time, as `Time (s)`, `timestamp_ns` and `%time` do.
  ///
  /// `T` alone is a temperature.
  static func isLikely(_ name: String) -> Bool {
    name != "T" && ["time", "timestamp", "t", "seconds_elapsed"].contains(parts(of: name).base)
  }

  /// The unit that is in a name.
  static func unit(in name: String) -> TimeUnit? {
    let (base, unit) = parts(of: name)
    return base == "seconds_elapsed" ? .s : unit
  }

  /// A name in small letters without its unit, which stands in brackets or is the last word.
  private static func parts(of name: String) -> (base: Substring, unit: TimeUnit?) {
    var base = trimmed(name.lowercased()[...])
    if base.first == "%" { base = base.dropFirst() }
    if base.last == ")" || base.last == "]",
      let bracket = base.lastIndex(where: { $0 == "(" || $0 == "[" }),
      let unit = units[trimmed(base[base.index(after: bracket)...].dropLast())]
    {
      return (trimmed(base[..<bracket]), unit)
    }
    if let gap = base.lastIndex(where: { $0 == "_" || $0 == " " || $0 == "-" }),
      let unit = units[base[base.index(after: gap)...]]
    {
      return (trimmed(base[..<gap]), unit)
    }
    return (base, nil)
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while text.first == " " || text.first == "\t" { text = text.dropFirst() }
    while text.last == " " || text.last == "\t" || text.last == "_" { text = text.dropLast() }
    return text
  }

  private static let units: [Substring: TimeUnit] = [
    "s": .s, "sec": .s, "secs": .s, "second": .s, "seconds": .s,
    "ms": .ms, "msec": .ms, "millis": .ms, "milliseconds": .ms,
    "us": .us, "\u{B5}s": .us, "\u{3BC}s": .us, "usec": .us, "micros": .us, "microseconds": .us,
    "ns": .ns, "nsec": .ns, "nanos": .ns, "nanoseconds": .ns,
  ]
}
