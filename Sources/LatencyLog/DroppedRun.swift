/// Frames in a row that a lane's late policy skipped.
public struct DroppedRun: Sendable, Equatable {
  /// The first of them.
  public var frame: UInt64
  /// How many.
  public var count: Int

  public init(frame: UInt64, count: Int) {
    self.frame = frame
    self.count = count
  }

  var json: JSONValue {
    .object([("frame", .integer(frame)), ("count", .integer(count))])
  }
}
