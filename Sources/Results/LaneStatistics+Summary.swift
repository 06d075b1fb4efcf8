import LatencyLog

extension LaneStatistics {
  /// What the summary says of this lane, with the totals that the lane counted itself.
  public func summary(_ totals: LaneTotals, drift: [DriftMinute] = []) -> LaneSummary {
    LaneSummary(
      name: lane.name,
      architecture: lane.architecture,
      precision: lane.precision,
      kv: lane.kv,
      frames: frames,
      seconds: Double(frames) * lane.framePeriod / 1e9,
      deadline: lane.deadline,
      misses: misses,
      consumed: totals.consumed,
      tail: totals.tail,
      dropped: dropped,
      droppedSamples: totals.dropped,
      overrun: totals.overrun,
      clockAdjusted: clockAdjusted,
      response: LatencyFigures(response),
      service: LatencyFigures(service),
      budget: BudgetSummary(budget),
      algorithmicLatency: lane.algorithmicLatency,
      signalDelay: lane.signalDelay,
      load: load(computing: totals.computing),
      stateBytes: lane.stateBytes,
      weightBytes: lane.weightBytes,
      macsPerFrame: lane.macsPerFrame,
      warmUp: WarmUpSummary(
        frames: warmUpFrames, response: LatencyFigures(warmUpResponse),
        service: LatencyFigures(warmUpService)),
      writerDelay: MedianAndTail(writerDelay),
      recovery: recoveries,
      recoveryCount: recoveryCount,
      lostRecords: totals.lostRecords,
      drift: drift)
  }
}
