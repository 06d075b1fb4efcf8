import LatencyLog
import StreamCore
import StreamIO
import Synchronization

/// One source, its lanes, and the writer: the whole pipeline, once.
public final class Run {
  let source: any SampleSource
  let lanes: [Lane]
  let options: RunOptions
  let writer: RunWriter
  let sourceRate: Int
  /// The run's first instant on its clock.
  var start: Int64
  private var nextObservation: Int64 = 0
  /// The lanes' rings of samples; empty at pace max.
  var rings: [SampleRing] = []
  /// Samples on their way to the signal's observer in real time.
  var signalRing: SampleRing?
  let gapJournal = GapJournal()
  /// Of the reader's and the lanes' threads.
  var schedulerPolicy = "other"
  private let stopRequested = Atomic<Bool>(false)

  /// Makes the lanes and everything that they need.
  ///
  /// Throws `usage` without a lane or with two of one name, and `badData` where a lane cannot take the
  /// source's rate or channels.
  public convenience init(
    source: any SampleSource, lanes setups: [LaneSetup], options: RunOptions
  ) throws(SourceError) {
    guard let first = setups.first else {
      throw SourceError(.usage, "there is no lane: expected at least one model")
    }
    guard Set(setups.map(\.name)).count == setups.count else {
      throw SourceError(.usage, "two lanes have the same name: expected a name= for each")
    }
    let rate = source.sampleRate ?? first.file.frontEnd.sampleRate
    let longest =
      try setups.map { (setup) throws(SourceError) in
        try setup.longestWait(sourceRate: rate, isSound: source.isSound)
      }.max() ?? 0
    var lanes: [Lane] = []
    for (index, setup) in setups.enumerated() {
      lanes.append(
        try Lane(
          index: index, setup: setup, source: source, sourceRate: rate, options: options,
          ringSeconds: 10 * options.mode.factor + longest))
    }
    self.init(source: source, sourceRate: rate, lanes: lanes, options: options)
  }

  /// A run of lanes that are made already.
  init(source: any SampleSource, sourceRate: Int, lanes: [Lane], options: RunOptions) {
    self.source = source
    self.sourceRate = sourceRate
    self.lanes = lanes
    self.options = options
    start = options.now()
    writer = RunWriter(
      lanes: lanes, order: options.mode == .live ? .emission : .position,
      clock: options.mode.isVirtual ? .virtual : .monotonic, outputs: options.outputs,
      log: options.log, logFormat: options.logFormat, trace: options.trace,
      frameObserver: options.frameObserver)
  }

  /// Ends the reading: there is nowhere to write to any more.
  func stop() { stopRequested.store(true, ordering: .relaxed) }

  var isStopRequested: Bool { stopRequested.load(ordering: .relaxed) || options.isStopped() }

  /// What is known of the lanes before their first frame.
  public var descriptions: [LaneDescription] { lanes.map(\.description) }

  /// Source samples that the first frame of any lane takes.
  public var samplesNeeded: UInt64 { lanes.map { $0.grid.end(ofFrame: 0) }.min() ?? 0 }

  /// Runs until the input ends or fails, nothing can be written, or the options say stop.
  public func run() -> RunResult {
    options.mode.isVirtual ? runAtMaximumPace() : runInRealTime()
  }

  /// Touches the lanes' pages and runs their kernels once, and starts the run's clock.
  func prepare() {
    for lane in lanes { lane.rehearse() }
    start = options.now()
    for lane in lanes { lane.clock.restart(at: start) }
  }

  /// Lets the observer look, a few times a second.
  func observe() {
    guard let observer = options.observer else { return }
    let now = options.now()
    guard now >= nextObservation else { return }
    nextObservation = now + 250_000_000
    observer(RunProgress(run: self))
  }

  /// The summary and what went wrong.
  func result(
    intake: Intake, sourceFailure: SourceError?, sinkFailure: SinkError?
  ) -> RunResult {
    var sinkFailure = sinkFailure
    do throws(SinkError) {
      try writer.finish(gapJournal.takeUnread())
    } catch {
      sinkFailure = sinkFailure ?? error
    }
    let kernelVariant = ((try? KernelVariant.selected()) ?? .portable).rawValue
    let input = InputSummary(
      received: intake.received, rate: Double(sourceRate), channels: source.channelCount,
      gaps: intake.gaps)
    let summary = RunSummary(
      input: input,
      machine: .current(kernelVariant: kernelVariant, schedulerPolicy: schedulerPolicy),
      lanes: zip(lanes, writer.statistics).map { lane, statistics in
        statistics.summary(lane.totals, drift: writer.drifts[lane.index].minutes)
      })
    return RunResult(
      summary: summary, statistics: writer.statistics, sourceFailure: sourceFailure,
      sinkFailure: sinkFailure,
      stopped: isStopRequested)
  }
}

extension RunOptions.Mode {
  /// Whether instants come from a schedule and measured durations instead of the clock.
  public var isVirtual: Bool {
    if case .replay(.max) = self { return true }
    return false
  }

  /// How many times faster than its own pace the input comes.
  var factor: Double {
    if case .replay(let pace) = self { return pace.factor }
    return 1
  }
}
