import PlainText

/// The mean of each part of the response time, in nanoseconds, rounded down; nil without a frame.
///
/// Unlike percentiles, means of parts add up: to the mean response time, but for the rounding.
public struct BudgetMeans: Sendable, Equatable {
  public var queue: Int64?
  public var frontEnd: Int64?
  public var buffering: Int64?
  public var model: Int64?
  public var emit: Int64?

  public init(
    queue: Int64? = nil, frontEnd: Int64? = nil, buffering: Int64? = nil, model: Int64? = nil,
    emit: Int64? = nil
  ) {
    self.queue = queue
    self.frontEnd = frontEnd
    self.buffering = buffering
    self.model = model
    self.emit = emit
  }

  var json: JSONValue {
    .object([
      ("queue", .nanoseconds(queue)), ("front_end", .nanoseconds(frontEnd)),
      ("buffering", .nanoseconds(buffering)), ("model", .nanoseconds(model)),
      ("emit", .nanoseconds(emit)),
    ])
  }
}
