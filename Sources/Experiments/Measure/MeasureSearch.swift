import LaneRunner
import Results
import StreamIO

/// Finds the most streams of one lane that hold a deadline: doubling, bisection, and a longer run that
/// confirms, stepping down where it does not.
///
/// It presumes that more streams are never easier. A run that fails is repeated, more often where its
/// computing would have fitted: then the machine was disturbed. A search that such a run ended goes on
/// from its answer, so that a passing disturbance does not halve it; one that lasts is what the answer
/// says bounds it.
public struct MeasureSearch {
  /// More streams are not tried.
  public static let streamLimit = 65_536

  private let setup: LaneSetup
  private let signal: LoopedSignal
  private let options: MeasureOptions
  private let limit: Int
  private let report: (MeasureProbe) -> Void
  private var probes: [MeasureProbe] = []
  private var lastRun: MeasureResult?
  /// The run of the most streams that held.
  private var bestRun: (streams: Int, result: MeasureResult)?

  /// - Parameters:
  ///   - options: of every run; at least 1,000 frames are measured whatever the duration. The log is
  ///     not written.
  ///   - report: sees each run as it ends.
  /// - Throws: `badData` where the input does not fit the lane.
  public init(
    lane: LaneSetup, input: LoopedInput, options: MeasureOptions,
    report: @escaping (MeasureProbe) -> Void
  ) throws(SourceError) {
    self.init(
      lane, signal: try LoopedSignal(input, for: lane),
      options: options, report: report)
  }

  init(
    _ setup: LaneSetup, signal: LoopedSignal, options: MeasureOptions,
    report: @escaping (MeasureProbe) -> Void
  ) {
    self.setup = setup
    self.signal = signal
    self.options = options
    self.report = report
    limit = min(
      Self.streamLimit,
      MeasureMemory.mostStreams(of: setup, limit: options.pipeline.memoryLimit))
  }

  /// The answer, in the result of the run that it stands on. Where it was asked to stop, what is known by
  /// then; nil where not even one run had ended. Throws `memory` where a thread cannot
  /// start.
  public mutating func run() throws(SourceError) -> MeasureResult? {
    if let answer = try search() { return answer }
    guard var result = bestRun?.result ?? lastRun else { return nil }
    var known = maximum(bestRun?.streams ?? 0)
    known.isInterrupted = true
    result.summary.lanes[0].measure?.maximum = known
    result.stopped = true
    return result
  }

  /// The answer; nil where it was asked to stop.
  private mutating func search() throws(SourceError) -> MeasureResult? {
    guard let first = try holds(1) else { return nil }
    guard first else { return answer(0, in: lastRun) }
    var (good, confirmed) = (1, 0)
    var confirmation: MeasureResult?
    for _ in 0..<Self.attempts {
      guard let most = try most(from: good) else { return nil }
      if most == confirmed { break }
      guard let found = try confirm(most, above: confirmed) else { return nil }
      if found == confirmed { break }
      (good, confirmed, confirmation) = (found, found, lastRun)
      guard maximum(confirmed).bound == .disturbances else { break }
    }
    return answer(confirmed, in: confirmation ?? lastRun)
  }

  /// How often the search begins where a disturbance had ended it, the first time included.
  private static let attempts = 3
  /// How often a number of streams is tried.
  private static let tries = 2
  /// The same while the machine is disturbed.
  private static let triesWhenDisturbed = 3

  /// Doubles and bisects from streams that hold; nil where it was asked to stop.
  private mutating func most(from streams: Int) throws(SourceError) -> Int? {
    var (good, bad) = (streams, limit + 1)
    while good < limit, bad > limit {
      let next = min(2 * good, limit)
      guard let holding = try holds(next) else { return nil }
      if holding { good = next } else { bad = next }
    }
    while bad - good > 1 {
      let middle = good + (bad - good) / 2
      guard let holding = try holds(middle) else { return nil }
      if holding { good = middle } else { bad = middle }
    }
    return good
  }

  /// The first streams, stepping down to what is confirmed already, that hold the longer run.
  private mutating func confirm(_ streams: Int, above confirmed: Int) throws(SourceError) -> Int? {
    var streams = streams
    var step = max(1, streams / 50)
    while streams > confirmed {
      guard let holding = try holds(streams, confirming: true) else { return nil }
      if holding { return streams }
      if streams == confirmed + 1 { break }
      streams = max(confirmed + 1, streams - step)
      step *= 2
    }
    return confirmed
  }

  /// Whether streams hold, repeated where they do not; a run that confirms and is lost to its own
  /// computing has no second chance. Nil where it was asked to stop.
  private mutating func holds(
    _ streams: Int, confirming: Bool = false
  ) throws(SourceError) -> Bool? {
    var count = 0
    while true {
      guard let probe = try probe(streams, confirming: confirming) else { return nil }
      count += 1
      let most =
        probe.isDisturbed ? Self.triesWhenDisturbed : confirming ? 1 : Self.tries
      if probe.holds || count >= most { return probe.holds }
    }
  }

  /// One run; nil where it was asked to stop.
  private mutating func probe(
    _ streams: Int, confirming: Bool
  ) throws(SourceError) -> MeasureProbe? {
    var options = options
    options.streams = streams
    // One stream has an answer to show even if it fails.
    options.endsWhenLost = streams > 1
    options.leastFrames = max(MeasureMaximum.leastFrames, options.leastFrames)
    if confirming {
      let frames = options.measuredFrames(frameRate: options.frameRate ?? setup.frameRate)
      options.leastFrames = MeasureMaximum.confirmingFactor * frames
    }
    let run = try MeasureRun([(setup, signal)], options: options)
    let result = run.run()
    guard !result.stopped, let lane = result.summary.lanes.first else { return nil }
    let probe = MeasureProbe(
      of: lane, streams: streams, batch: run.lanes[0].batch,
      plannedFrames: run.lanes[0].frames - run.descriptions[0].warmUpFrames,
      demand: demand(of: lane, result.figures[0]), confirms: confirming)
    probes.append(probe)
    report(probe)
    lastRun = result
    if probe.holds, streams >= bestRun?.streams ?? 0 { bestRun = (streams, result) }
    return probe
  }

  /// A call's computing over the time that it may take: until the deadline of its first frame, or until
  /// the next call. Computing is the thread's own time or the median call, whichever is less: the first
  /// leaves out waiting for the processor, the second what happens now and then.
  private func demand(of lane: LaneSummary, _ figures: MeasureFigures) -> Double? {
    let period = 1e9 / figures.frameRate * Double(setup.model.chunkSize)
    let time = min(Double(lane.deadline - lane.algorithmicLatency), period)
    guard time > 0, lane.frames > 0 else { return nil }
    let share = Double(figures.processorTime) / Double(lane.frames) * Double(setup.model.chunkSize)
    return min(share, lane.service.p50.map(Double.init) ?? share) / time
  }

  private func maximum(_ streams: Int) -> MeasureMaximum {
    MeasureMaximum(
      deadline: lastRun?.summary.lanes.first?.deadline ?? 0, streams: streams,
      isAtLimit: streams == limit, probes: probes)
  }

  private func answer(_ streams: Int, in run: MeasureResult?) -> MeasureResult? {
    guard var result = run else { return nil }
    result.summary.lanes[0].measure?.maximum = maximum(streams)
    return result
  }
}
