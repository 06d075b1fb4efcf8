import LaneRunner
import LatencyLog
import Quality
import Results
import StreamIO

/// Runs each point of a plan over one recording, alone, as it would be deployed: the only lane, at pace
/// max, so that nothing but its own working set is in the caches.
///
/// Repetitions go round: every point once, then every point again. What changes on the machine meanwhile
/// then shows in every point's interval, and not as a difference between points.
public struct Sweep {
  private let plan: SweepPlan
  /// One a point, until its first run has been judged; none without labels.
  private var judges: [QualitySubscriber?]
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
      judges.append(try QualitySubscriber([point.lane], labels: labels))
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
    _ point: SweepPlan.Point, judge: QualitySubscriber?, done: Int
  ) throws(SourceError) -> (PipelineResult, samplesNeeded: UInt64) {
    let total = Double(plan.count * options.repetitions)
    let pipeline = try Pipeline(
      source: open(), mode: .replay(.max(factor: options.factor)), lanes: [point.lane],
      options: PipelineOptions(
        channel: options.channel, warn: done < plan.count ? options.warn : { _ in },
        isStopped: options.isStopped))
    var subscribers: [any FrameSubscriber] = []
    if let judge { subscribers.append(judge) }
    if let progress = options.progress {
      subscribers.append(ProgressSubscriber { progress((Double(done) + $0) / total) })
    }
    var result = pipeline.run(subscribers)
    judge?.complete(&result.summary)
    return (result, pipeline.samplesNeeded)
  }

  private func summary(of runs: [[LaneSummary]], as run: RunSummary) -> SweepSummary {
    var points = zip(plan.points, runs).map { SweepPoint($0.setting, runs: $1) }
    if let front = SweepFront(of: points) { points.setStandings(to: front) }
    return SweepSummary(
      input: run.input, machine: run.machine, factor: options.factor,
      repetitions: runs.first?.count ?? 0, points: points)
  }
}

/// Tells how much of a run is done.
private final class ProgressSubscriber: FrameSubscriber {
  private let report: (Double) -> Void

  init(_ report: @escaping (Double) -> Void) { self.report = report }

  var wantsProgress: Bool { true }
  func frame(_ record: FrameRecord, time: Double, output: borrowing Span<Float>) {}
  func progress(_ progress: RunProgress) { report(progress.share ?? 0) }
}

/// How the points of a sweep are run.
public struct SweepOptions {
  /// How many times faster than the recording its frames arrive, on the virtual clock.
  public var factor: Double
  /// Runs of each point.
  public var repetitions: Int
  /// One of the source's channels, counted from 0, instead of their mean.
  public var channel: Int?
  /// Told how much of the sweep is done, from 0 to 1, a few times a second.
  public var progress: ((Double) -> Void)?
  /// Takes sentences that people should see, once a point.
  public var warn: (String) -> Void
  /// Asked all the time whether the sweep should end.
  public var isStopped: () -> Bool

  public init(
    factor: Double = 1, repetitions: Int = 6, channel: Int? = nil,
    progress: ((Double) -> Void)? = nil, warn: @escaping (String) -> Void = { _ in },
    isStopped: @escaping () -> Bool = { false }
  ) {
    self.factor = factor
    self.repetitions = repetitions
    self.channel = channel
    self.progress = progress
    self.warn = warn
    self.isStopped = isStopped
  }
}

/// What a sweep came to.
public struct SweepResult: Sendable {
  /// Over the repetitions that are complete; nil where not even the first one is.
  public var summary: SweepSummary?
  /// What kept the input from being read to its end; everything before it was processed.
  public var sourceFailure: SourceError?
  /// Whether it was asked to stop before it was done.
  public var stopped: Bool
  /// Source samples that the first frame of any point takes.
  public var samplesNeeded: UInt64
}
