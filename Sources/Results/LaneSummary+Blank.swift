import LatencyLog

extension LaneSummary {
  /// A lane that saw nothing: every key of the summary is in it.
  static let blank = LaneSummary(
    name: "", architecture: "", precision: "", frames: 0, seconds: 0, deadline: 0,
    misses: MissCount(), consumed: 0, tail: 0, dropped: [], droppedSamples: 0, overrun: 0,
    clockAdjusted: 0,
    response: LatencyFigures(), service: LatencyFigures(), budget: BudgetSummary(),
    algorithmicLatency: 0, signalDelay: 0, load: nil, stateBytes: 0, weightBytes: 0,
    macsPerFrame: 0, warmUp: WarmUpSummary(), writerDelay: MedianAndTail(), recovery: [],
    recoveryCount: 0, lostRecords: 0, drift: [], quality: .blank)
}
