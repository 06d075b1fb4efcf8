import PlainText

/// What models reach that hear the whole stream, on the very sample that a sweep runs over: lines that no
/// online model is expected to cross. Written by whoever trained them, as
/// `{"bounds":[{"name","parameters","error_rate":{"value","low","high"}}]}`; `auc` and `accuracy` stand in
/// place of `error_rate` where that is what is judged.
public struct QualityBounds: Sendable, Equatable {
  public struct Bound: Sendable, Equatable {
    public var name: String
    public var value: Estimate
  }

  /// In the order of the file.
  public var bounds: [Bound]

  public init(bounds: [Bound] = []) { self.bounds = bounds }

  /// The bounds of a file in one figure; throws what is missing, of the wrong type, or of another figure.
  public init(parsing bytes: [UInt8], merit: SweepFront.Merit) throws(FileDefect) {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: bytes)
    } catch {
      throw FileDefect("is no JSON: \(error)")
    }
    guard case .array(let entries)? = value[path: "bounds"], !entries.isEmpty else {
      throw FileDefect("has no list \"bounds\", expected one with an entry a model")
    }
    guard let key = merit.boundKey else {
      throw FileDefect("has nothing to be held against: expected labels with a sweep of bounds")
    }
    bounds = []
    for (index, entry) in entries.enumerated() {
      guard let name = entry[path: "name"]?.string, !name.isEmpty else {
        throw FileDefect("bound \(index + 1) has no name, expected a text")
      }
      guard let middle = entry[path: "\(key).value"]?.double, middle.isFinite else {
        throw FileDefect(
          "bound \(index + 1) (\(name.excerpt)) has no number at \(key).value, which this sweep judges"
        )
      }
      bounds.append(
        Bound(
          name: name,
          value: Estimate(
            value: middle, low: entry[path: "\(key).low"]?.double,
            high: entry[path: "\(key).high"]?.double)))
    }
  }

  var json: JSONValue {
    .array(
      bounds.map { bound in
        .object([("name", .string(bound.name)), ("value", Estimate.json(bound.value))])
      })
  }
}

extension SweepFront.Merit {
  /// What a file of bounds calls it; nil for what no model bounds.
  fileprivate var boundKey: String? {
    switch self {
    case .auc: "auc"
    case .accuracy: "accuracy"
    case .tokenErrorRate: "error_rate"
    case .load: nil
    }
  }
}
