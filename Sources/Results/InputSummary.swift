import LatencyLog
import PlainText

/// What came in, the same for all lanes.
public struct InputSummary: Sendable, Equatable {
  /// Samples received, lost ones not among them.
  public var received: UInt64
  /// Samples a second.
  public var rate: Double
  public var channels: Int
  /// What the source lost, in order.
  public var gaps: StretchList<InputGap>

  public init(received: UInt64, rate: Double, channels: Int, gaps: StretchList<InputGap> = []) {
    self.received = received
    self.rate = rate
    self.channels = channels
    self.gaps = gaps
  }

  var json: JSONValue {
    var members: [(key: String, value: JSONValue)] = [
      ("received", .integer(received)), ("rate", .shortest(rate)), ("channels", .integer(channels)),
      ("gaps", .array(gaps.listed.map(\.json))),
    ]
    if gaps.notListed.count > 0 {
      members.append(("gaps_not_listed", gaps.notListedJSON(lengthKey: "length")))
    }
    return .object(members)
  }
}

extension InputGap {
  var json: JSONValue {
    .object([("position", .integer(position)), ("length", .integer(length))])
  }
}

extension StretchList {
  /// What the totals have beyond the list.
  func notListedJSON(lengthKey: String) -> JSONValue {
    let (count, length) = notListed
    return .object([("count", .integer(count)), (lengthKey, .integer(length))])
  }
}
