import LatencyLog
import Quality
import StreamIO

/// Runs each point of a plan over one recording, alone, as it would be deployed: the only lane, at pace
/// max, so that nothing but its own working set is in the caches.
///
/// Repetitions go round: every point once, then every point again. What changes on the machine meanwhile
/// then shows in every point's interval, and not as a difference between points.
public struct Sweep {
  private let plan: SweepPlan
  /// One a point, until its first run has been judged; none without labels.
  private var judges: [RunQuality?]
  private let options: SweepOptions
  private let open: () throws(SourceError) -> any SampleSource

  /// A sweep that opens its recording anew for each run.
  ///
  /// Throws `badData` for labels that the model of a point does not know.
  public init(
    _ plan: SweepPlan, labels: Labels?, options: SweepOptions,
    opening open: @escaping () throws(SourceError) -> any SampleSource
  ) throws(LabelError) {
    precondition(plan.count > 0 && options.repetitions > 0, "there is something to run")
    self.plan = plan
    judges = []
    for point in plan.points {
      guard let labels else { break }
      judges.append(try RunQuality([point.lane], labels: labels))
    }
    self.options = options
    self.open = open
  }

  /// Runs all repetitions, or those until it is stopped. Throws what keeps a run from beginning.
  public mutating func run() throws(SourceError) -> SweepResult {
    var runs = plan.points.map { _ in [LaneSummary]() }
    var result = SweepResult(summary: nil, sourceFailure: nil, stopped: false, samplesNeeded: .max)
    var last: RunSummary?
    for repetition in 0..<options.repetitions {
      for (index, point) in plan.points.enumerated() {
        let done = repetition * plan.count + index
        let judge = judges.indices.contains(index) ? judges[index] : nil
        let (one, samplesNeeded) = try run(point, judge: judge, done: done)
        if judge != nil { judges[index] = nil }
        result.samplesNeeded = min(result.samplesNeeded, samplesNeeded)
        result.sourceFailure = result.sourceFailure ?? one.sourceFailure
        result.stopped = one.stopped
        if one.stopped { return result }
        runs[index] += one.summary.lanes
        last = one.summary
      }
      if let last { result.summary = summary(of: runs, as: last) }
    }
    return result
  }

  private func run(
    _ point: SweepPlan.Point, judge: RunQuality?, done: Int
  ) throws(SourceError) -> (RunResult, samplesNeeded: UInt64) {
    let total = Double(plan.count * options.repetitions)
    let run = try Run(
      source: open(), lanes: [point.lane],
      options: RunOptions(
        mode: .replay(.max(factor: options.factor)), channel: options.channel,
        frameObserver: judge.map { judge in
          { record, time, output in judge.add(record, time: time, output: output) }
        },
        observer: options.progress.map { progress in
          { run in
            let share = run.totalSeconds.map { $0 > 0 ? min(1, run.seconds / $0) : 0 } ?? 0
            progress((Double(done) + share) / total)
          }
        },
        isStopped: options.isStopped))
    var result = run.run()
    judge?.complete(&result.summary)
    return (result, run.samplesNeeded)
  }

  private func summary(of runs: [[LaneSummary]], as run: RunSummary) -> SweepSummary {
    var points = zip(plan.points, runs).map { SweepPoint($0.setting, runs: $1) }
    let front = SweepFront(of: points)
    if let front { points.place(on: front) }
    return SweepSummary(
      input: run.input, machine: run.machine, factor: options.factor,
      repetitions: runs.first?.count ?? 0, points: points, front: front)
  }
}
