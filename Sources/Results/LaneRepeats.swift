import LatencyLog
import PlainText

/// Between what the medians of several runs of one lane lie.
public struct LaneRepeats: Sendable, Equatable {
  /// Runs.
  public var count: Int
  /// Whether the lane said the same in all runs, bit for bit; nil where nobody looked.
  public var outputsEqual: Bool?
  public var response: RepeatedFigures
  public var service: RepeatedFigures
  public var load: Estimate?
  public var misses: Estimated<Int64>?

  /// Of one run at least.
  init(_ runs: [LaneSummary]) {
    count = runs.count
    response = RepeatedFigures(runs.map(\.response))
    service = RepeatedFigures(runs.map(\.service))
    load = Estimate(medianOf: runs.map(\.load))
    misses = DurationEstimate(medianOf: runs.map { Int64($0.misses.count) })
  }

  var json: JSONValue {
    .object([
      ("count", .integer(count)), ("outputs_equal", outputsEqual.map { .bool($0) } ?? .null),
      ("response", response.json), ("service", service.json), ("load", Estimate.json(load)),
      ("misses", DurationEstimate.json(misses)),
    ])
  }
}

extension LaneSummary {
  /// The medians of several runs of one lane, one at least, so that one disturbed run decides nothing.
  ///
  /// Times, loads, misses and the number of disturbances are medians, each for itself; disturbances are
  /// listed of a run that had as many. Everything else, such as drops, is the first run's. Allocates.
  public init(mediansOf runs: [LaneSummary]) {
    precondition(!runs.isEmpty, "there was a run")
    func median(_ figure: (LaneSummary) -> Int64?) -> Int64? {
      DurationEstimate(medianOf: runs.map(figure))?.value
    }
    func count(_ figure: (LaneSummary) -> Int) -> Int {
      Int(median { Int64(figure($0)) } ?? 0)
    }
    func percentiles(_ figures: (LaneSummary) -> LatencyFigures) -> LatencyFigures {
      LatencyFigures(mediansOf: runs.map(figures))
    }
    func pair(_ figures: (LaneSummary) -> MedianAndTail) -> MedianAndTail {
      MedianAndTail(p50: median { figures($0).p50 }, p99: median { figures($0).p99 })
    }
    self = runs[0]
    response = percentiles(\.response)
    service = percentiles(\.service)
    if let ends = responseInChunk {
      responseInChunk = ChunkEnds(
        first: percentiles { $0.responseInChunk?.first ?? ends.first },
        last: percentiles { $0.responseInChunk?.last ?? ends.last })
    }
    for part in BudgetPart.allCases {
      budget.parts[part] = pair { $0.budget.parts[part] }
      budget.mean[part] = median { $0.budget.mean[part] }
    }
    delivery.p50 = median { $0.delivery.p50 }
    delivery.p99 = median { $0.delivery.p99 }
    delivery.max = median { $0.delivery.max }
    warmUp.response = percentiles(\.warmUp.response)
    warmUp.service = percentiles(\.warmUp.service)
    writerDelay = pair(\.writerDelay)
    load = Estimate(medianOf: runs.map(\.load))?.value
    misses = MissCount(count: count { $0.misses.count }, inWarmUp: count { $0.misses.inWarmUp })
    clockAdjusted = count(\.clockAdjusted)
    recoveryCount = count(\.recoveryCount)
    let disturbances = recoveryCount
    recovery = runs.first { $0.recoveryCount == disturbances }?.recovery ?? []
    repeats = runs.count > 1 ? LaneRepeats(runs) : nil
  }
}

extension LatencyFigures {
  /// Each percentile's median; nil where a run does not support it.
  init(mediansOf runs: [LatencyFigures]) {
    let figures = RepeatedFigures(runs)
    self.init(
      p50: figures.p50?.value, p90: figures.p90?.value, p95: figures.p95?.value,
      p99: figures.p99?.value, p999: figures.p999?.value, max: figures.max?.value)
  }
}

extension RunSummary {
  /// The medians of several runs of one input, one at least; the input and the machine are those of the
  /// first. Allocates.
  public init(mediansOf runs: [RunSummary]) {
    precondition(!runs.isEmpty, "there was a run")
    self = runs[0]
    lanes = lanes.indices.map { index in LaneSummary(mediansOf: runs.map { $0.lanes[index] }) }
  }
}
