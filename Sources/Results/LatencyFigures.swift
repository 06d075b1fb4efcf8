import LatencyLog
import PlainText

/// The percentiles of a duration that a sample supports, in nanoseconds; nil where it does not.
public struct LatencyFigures: Sendable, Equatable {
  public var p50: Int64?
  public var p90: Int64?
  public var p99: Int64?
  /// The 99.9th percentile.
  public var p999: Int64?
  /// The longest of all; nil only where there was nothing.
  public var max: Int64?

  public init(
    p50: Int64? = nil, p90: Int64? = nil, p99: Int64? = nil, p999: Int64? = nil, max: Int64? = nil
  ) {
    self.p50 = p50
    self.p90 = p90
    self.p99 = p99
    self.p999 = p999
    self.max = max
  }

  /// The figures of a distribution as it stands.
  public init(_ distribution: DurationDistribution) {
    p50 = distribution.percentile(.p50)
    p90 = distribution.percentile(.p90)
    p99 = distribution.percentile(.p99)
    p999 = distribution.percentile(.p999)
    max = distribution.max
  }

  var json: JSONValue {
    .object([
      ("p50", .nanoseconds(p50)), ("p90", .nanoseconds(p90)), ("p99", .nanoseconds(p99)),
      ("p999", .nanoseconds(p999)), ("max", .nanoseconds(max)),
    ])
  }
}

/// Two percentiles of a duration in nanoseconds; nil where the sample does not support one.
public struct MedianAndTail: Sendable, Equatable {
  public var p50: Int64?
  public var p99: Int64?

  public init(p50: Int64? = nil, p99: Int64? = nil) {
    self.p50 = p50
    self.p99 = p99
  }

  /// The figures of a distribution as it stands.
  public init(_ distribution: DurationDistribution) {
    p50 = distribution.percentile(.p50)
    p99 = distribution.percentile(.p99)
  }

  var json: JSONValue {
    .object([("p50", .nanoseconds(p50)), ("p99", .nanoseconds(p99))])
  }
}

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

/// Where the response time went. The parts of one frame add up exactly; their percentiles do not.
public struct BudgetSummary: Sendable, Equatable {
  /// Delivery delay and waking late.
  public var queue: MedianAndTail
  /// The front-end call that completed the frame.
  public var frontEnd: MedianAndTail
  /// Waiting for the rest of the chunk.
  public var buffering: MedianAndTail
  /// The model call that produced the output.
  public var model: MedianAndTail
  /// Handing the output to the writer.
  public var emit: MedianAndTail
  /// The mean of each part; together they are the mean response time.
  public var mean: BudgetMeans

  public init(
    queue: MedianAndTail = .init(), frontEnd: MedianAndTail = .init(),
    buffering: MedianAndTail = .init(), model: MedianAndTail = .init(),
    emit: MedianAndTail = .init(),
    mean: BudgetMeans = .init()
  ) {
    self.queue = queue
    self.frontEnd = frontEnd
    self.buffering = buffering
    self.model = model
    self.emit = emit
    self.mean = mean
  }

  /// The figures of a lane's distributions as they stand. Allocates.
  public init(_ budget: BudgetDistributions) {
    self.init(
      queue: MedianAndTail(budget.queue), frontEnd: MedianAndTail(budget.frontEnd),
      buffering: MedianAndTail(budget.buffering), model: MedianAndTail(budget.model),
      emit: MedianAndTail(budget.emit),
      mean: BudgetMeans(
        queue: budget.queue.mean, frontEnd: budget.frontEnd.mean,
        buffering: budget.buffering.mean, model: budget.model.mean, emit: budget.emit.mean))
  }

  var json: JSONValue {
    .object([
      ("queue", queue.json), ("front_end", frontEnd.json), ("buffering", buffering.json),
      ("model", model.json), ("emit", emit.json), ("mean", mean.json),
    ])
  }
}

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
