/// One distribution for each part of the latency budget.
public struct BudgetDistributions: Sendable {
  public private(set) var queue = DurationDistribution()
  public private(set) var frontEnd = DurationDistribution()
  public private(set) var buffering = DurationDistribution()
  public private(set) var model = DurationDistribution()
  public private(set) var emit = DurationDistribution()

  init() {}

  /// Does not allocate.
  mutating func add(_ record: FrameRecord) {
    queue.record(record.queue)
    frontEnd.record(record.frontEnd)
    buffering.record(record.buffering)
    model.record(record.model)
    emit.record(record.emit)
  }
}
