import PlainText

extension Requirement {
  struct Parts {
    var lane: String?
    var metric: String
    var comparison: Comparison
    var value: String
  }

  struct BoundError: Error {
    var reason: String
  }

  /// The four parts, or nil where one is missing. The last operator and the last colon before it
  /// count, because a lane's name may hold anything.
  static func split(_ text: String) -> Parts? {
    func isOperator(_ character: Character) -> Bool { "<>=".contains(character) }
    guard let last = text.lastIndex(where: isOperator) else { return nil }
    let value = text[text.index(after: last)...].trimmed
    let upToLast = text[...last]
    let start = upToLast.lastIndex { !isOperator($0) }.map(text.index(after:)) ?? text.startIndex
    guard let comparison = Comparison(rawValue: String(text[start...last])) else { return nil }

    var metric = text[..<start]
    var lane: String?
    if let colon = metric.lastIndex(of: ":") {
      let name = metric[..<colon].trimmed
      if name.isEmpty { return nil }
      lane = String(name)
      metric = metric[metric.index(after: colon)...]
    }
    let name = metric.trimmed
    if name.isEmpty || value.isEmpty { return nil }
    return Parts(
      lane: lane, metric: String(name), comparison: comparison, value: String(value))
  }

  static func bound(_ text: String, for metric: LaneMetric) throws(BoundError) -> Bound {
    if metric.isDuration {
      do {
        return .nanoseconds(try DurationText.parse(text, allowingZero: true))
      } catch {
        throw BoundError(reason: error.description)
      }
    }
    if text.hasSuffix("%") {
      guard metric.isShareOfFrames else {
        throw BoundError(reason: "\(metric.path) takes no %, only misses do")
      }
      guard let percent = DecimalText.double(text.dropLast().trimmed, grammar: .csv),
        (0...100).contains(percent)
      else {
        throw BoundError(reason: "'\(text)' is not a share from 0% to 100%")
      }
      return .percent(percent)
    }
    guard let value = DecimalText.double(text, grammar: .csv) else {
      throw BoundError(reason: "\(metric.path) takes a plain number, not '\(text)'")
    }
    return .number(value)
  }
}
