/// What came in, the same for all lanes.
public struct InputSummary: Sendable, Equatable {
  /// Samples received, lost ones not among them.
  public var received: UInt64
  /// Samples a second.
  public var rate: Double
  public var channels: Int
  /// What the source lost, in order.
  public var gaps: [InputGap]

  public init(received: UInt64, rate: Double, channels: Int, gaps: [InputGap] = []) {
    self.received = received
    self.rate = rate
    self.channels = channels
    self.gaps = gaps
  }

  var json: JSONValue {
    .object([
      ("received", .integer(received)), ("rate", .shortest(rate)), ("channels", .integer(channels)),
      ("gaps", .array(gaps.map(\.json))),
    ])
  }
}
