import LatencyLog

/// How far a run is, for people who watch: valid while the observer is called.
public struct RunProgress {
  private let run: Run

  init(run: Run) { self.run = run }

  public var laneCount: Int { run.lanes.count }

  /// The statistics of a lane so far.
  public func statistics(of lane: Int) -> LaneStatistics { run.writer.statistics[lane] }

  /// The newest first value of a lane's output.
  public func newestOutput(of lane: Int) -> Float { run.writer.newestOutputs[lane] }

  /// Frames that wait in a lane's ring; nil at pace max, where nothing waits.
  public func queuedFrames(of lane: Int) -> Int? {
    guard run.rings.indices.contains(lane) else { return nil }
    let seconds = Double(run.rings[lane].waitingSamples) / Double(run.sourceRate)
    return Int(seconds * 1e9 / run.lanes[lane].grid.framePeriod)
  }

  /// Gaps of the input so far and the samples in them.
  public var gaps: (count: Int, samples: UInt64) { run.gapJournal.totals }

  /// Seconds of input that have been turned into results, by the lane that is furthest behind.
  public var seconds: Double {
    run.writer.statistics.map { Double($0.frames) * $0.lane.framePeriod / 1e9 }.min() ?? 0
  }

  /// Seconds since the run began.
  public var elapsedSeconds: Double { Double(run.options.now() - run.start) / 1e9 }

  /// Seconds of the whole input, where that is known, in the schedule's time.
  public var totalSeconds: Double? {
    run.source.sampleCount.map {
      Double($0) / Double(run.sourceRate) / run.options.mode.factor
    }
  }
}
