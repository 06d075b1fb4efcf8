import PlainText

/// The frames at the start of the run that the other percentiles leave out.
public struct WarmUpSummary: Sendable, Equatable {
  /// How many there were; fewer than the lane's warm-up where the input was shorter.
  public var frames: Int
  public var response: LatencyFigures
  public var service: LatencyFigures

  public init(
    frames: Int = 0, response: LatencyFigures = .init(), service: LatencyFigures = .init()
  ) {
    self.frames = frames
    self.response = response
    self.service = service
  }

  var json: JSONValue {
    .object([
      ("frames", .integer(frames)), ("response", response.json), ("service", service.json),
    ])
  }
}
