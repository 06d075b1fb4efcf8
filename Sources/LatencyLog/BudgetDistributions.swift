/// One distribution for each part of the latency budget.
struct BudgetDistributions: Sendable {
  private(set) var queue = DurationDistribution()
  private(set) var frontEnd = DurationDistribution()
  private(set) var buffering = DurationDistribution()
  private(set) var model = DurationDistribution()
  private(set) var emit = DurationDistribution()

  /// Does not allocate.
  mutating func add(_ record: FrameRecord) {
    queue.record(record.queue)
    frontEnd.record(record.frontEnd)
    buffering.record(record.buffering)
    model.record(record.model)
    emit.record(record.emit)
  }

  var summary: BudgetSummary {
    BudgetSummary(
      queue: MedianAndTail(queue), frontEnd: MedianAndTail(frontEnd),
      buffering: MedianAndTail(buffering), model: MedianAndTail(model), emit: MedianAndTail(emit),
      mean: BudgetMeans(
        queue: queue.mean, frontEnd: frontEnd.mean, buffering: buffering.mean, model: model.mean,
        emit: emit.mean))
  }
}
