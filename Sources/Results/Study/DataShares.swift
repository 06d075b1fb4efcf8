import PlainText

/// What training on less data came to, as the training script recorded it: a file
/// `{"models":[{"name","percent","hours","seed","error_rate"}],
/// "differences":[{"minus","percent","seed","error_rate":{"value","low","high"}}]}`, whose
/// differences are the LSTM's errors minus those of the named one.
public struct DataShares: Sendable, Equatable {
  /// The name that the file has for the LSTM.
  public static let lstm = "LSTM"

  public struct Result: Sendable, Equatable {
    public var name: String
    public var percent: Int
    public var hours: Double
    public var seed: Int
    public var errors: Double

    public init(_ name: String, percent: Int, hours: Double, seed: Int, errors: Double) {
      self.name = name
      self.percent = percent
      self.hours = hours
      self.seed = seed
      self.errors = errors
    }
  }

  public struct Difference: Sendable, Equatable {
    public var minus: String
    public var percent: Int
    public var seed: Int
    public var errors: Estimate

    public init(minus: String, percent: Int, seed: Int, errors: Estimate) {
      self.minus = minus
      self.percent = percent
      self.seed = seed
      self.errors = errors
    }
  }

  public var results: [Result]
  public var differences: [Difference]

  public init(results: [Result] = [], differences: [Difference] = []) {
    self.results = results
    self.differences = differences
  }

  /// Throws what is missing or of the wrong type.
  public init(parsing bytes: [UInt8]) throws(FileDefect) {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: bytes)
    } catch {
      throw FileDefect("is no JSON: \(error)")
    }
    self.init()
    for (index, entry) in try Self.entries(of: value, "models").enumerated() {
      let owner = "entry \(index + 1) of \"models\""
      results.append(
        Result(
          try Self.text(entry, "name", owner), percent: try Self.integer(entry, "percent", owner),
          hours: try Self.number(entry, "hours", owner),
          seed: try Self.integer(entry, "seed", owner),
          errors: try Self.number(entry, "error_rate", owner)))
    }
    for (index, entry) in try Self.entries(of: value, "differences").enumerated() {
      let owner = "entry \(index + 1) of \"differences\""
      differences.append(
        Difference(
          minus: try Self.text(entry, "minus", owner),
          percent: try Self.integer(entry, "percent", owner),
          seed: try Self.integer(entry, "seed", owner),
          errors: Estimate(
            value: try Self.number(entry, "error_rate.value", owner),
            low: try Self.number(entry, "error_rate.low", owner),
            high: try Self.number(entry, "error_rate.high", owner))))
    }
  }

  private static func entries(
    of value: JSONValue, _ key: String
  ) throws(FileDefect) -> [JSONValue] {
    guard case .array(let entries)? = value[path: key] else {
      throw FileDefect("has no list \"\(key)\"")
    }
    return entries
  }

  private static func text(
    _ entry: JSONValue, _ key: String, _ owner: String
  ) throws(FileDefect) -> String {
    guard let text = entry[path: key]?.string else {
      throw FileDefect("\(owner) has no text at \(key)")
    }
    return text
  }

  private static func number(
    _ entry: JSONValue, _ key: String, _ owner: String
  ) throws(FileDefect) -> Double {
    guard let number = entry[path: key]?.double, number.isFinite else {
      throw FileDefect("\(owner) has no number at \(key)")
    }
    return number
  }

  private static func integer(
    _ entry: JSONValue, _ key: String, _ owner: String
  ) throws(FileDefect) -> Int {
    guard let whole = Int(exactly: try number(entry, key, owner)) else {
      throw FileDefect("\(owner) has no whole number at \(key)")
    }
    return whole
  }

  /// In the order of the file.
  var names: [String] {
    results.reduce(into: []) { if !$0.contains($1.name) { $0.append($1.name) } }
  }

  /// What the LSTM is held against.
  var rivals: [String] { names.filter { $0 != Self.lstm } }

  /// Percentages, from the least.
  var shares: [Int] { Set(results.map(\.percent)).sorted() }

  var seedCount: Int { Set(results.map(\.seed)).count }

  /// The median of the seeds, between the lowest and the highest of them.
  func errors(of name: String, percent: Int) -> (hours: Double, errors: Estimate)? {
    let own = results.filter { $0.name == name && $0.percent == percent }
    guard let first = own.first, let errors = Estimate(medianOf: own.map(\.errors)) else {
      return nil
    }
    return (first.hours, errors)
  }

  /// A difference a seed.
  func differences(to rival: String, percent: Int) -> [Estimate] {
    differences.filter { $0.minus == rival && $0.percent == percent }.map(\.errors)
  }
}
