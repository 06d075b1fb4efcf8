/// Samples that the source lost.
public struct InputGap: Sendable, Equatable {
  /// The first lost sample, at the source's rate.
  public var position: UInt64
  /// How many samples.
  public var length: UInt64

  public init(position: UInt64, length: UInt64) {
    self.position = position
    self.length = length
  }

  var json: JSONValue {
    .object([("position", .integer(position)), ("length", .integer(length))])
  }
}
