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
  private let stopRequested = Atomic<Bool>(false)

  /// Makes the lanes and everything that they need.
  ///
  /// Throws `usage` without a lane or with two of one name, and `badData` where a lane cannot take the
  /// source's rate or channels.
  public init(
    source: any SampleSource, lanes setups: [LaneSetup], options: RunOptions
  ) throws(SourceError) {
    guard let first = setups.first else {
      throw SourceError(.usage, "there is no lane: expected at least one model")
    }
    guard Set(setups.map(\.name)).count == setups.count else {
      throw SourceError(.usage, "two lanes have the same name: expected a name= for each")
    }
    self.source = source
    self.options = options
    let rate = source.sampleRate ?? first.file.frontEnd.sampleRate
    sourceRate = rate
    start = options.now()
    let longest = setups.map(\.latencySeconds).max() ?? 0
    var lanes: [Lane] = []
    for (index, setup) in setups.enumerated() {
      lanes.append(
        try Lane(
          index: index, setup: setup, source: source, sourceRate: rate, options: options,
          start: start, ringSeconds: 10 + longest))
    }
    self.lanes = lanes
    writer = RunWriter(
      lanes: lanes, order: options.mode == .live ? .emission : .position,
      clock: options.mode.isVirtual ? .virtual : .monotonic, outputs: options.outputs,
      log: options.log, logFormat: options.logFormat)
  }

  /// Ends the reading: there is nowhere to write to any more.
  func stop() { stopRequested.store(true, ordering: .relaxed) }

  var isStopRequested: Bool { stopRequested.load(ordering: .relaxed) || options.isStopped() }

  /// Runs until the input ends or fails, nothing can be written, or the options say stop.
  public func run() -> RunResult {
    options.mode.isVirtual ? runAtMaximumPace() : runInRealTime()
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
    let input = InputSummary(
      received: intake.received, rate: Double(sourceRate), channels: source.channelCount,
      gaps: intake.gaps)
    let summary = RunSummary(
      input: input,
      machine: .current(kernelVariant: "reference", schedulerPolicy: "other"),
      lanes: zip(lanes, writer.statistics).map { $1.summary($0.totals) })
    return RunResult(
      summary: summary, sourceFailure: sourceFailure, sinkFailure: sinkFailure,
      stopped: isStopRequested)
  }
}

extension RunOptions.Mode {
  /// Whether instants come from a schedule and measured durations instead of the clock.
  var isVirtual: Bool {
    if case .replay(.max) = self { return true }
    return false
  }

  /// How many times faster than its own pace the input comes.
  var factor: Double {
    if case .replay(let pace) = self { return pace.factor }
    return 1
  }
}
