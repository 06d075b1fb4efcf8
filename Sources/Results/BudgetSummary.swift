import LatencyLog
import PlainText

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
