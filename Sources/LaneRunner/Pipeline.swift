import Dispatch
import LatencyLog
import StreamCore
import StreamIO
import Synchronization

/// Lanes, what feeds them, and the writer: one run, from samples to results.
public final class Pipeline {
  /// Where samples come from in time.
  public enum Mode: Sendable, Equatable {
    /// A recording at a pace of its own.
    case replay(Pace)
    /// A live source: arrivals are instants of capture.
    case live
  }

  /// What the lanes get.
  private enum Input {
    case source(any SampleSource, rate: Int, mode: Mode)
    case schedule([ScheduledLane])
  }

  let lanes: [Lane]
  /// What finding the lanes' channels in the source took for granted, a sentence each, for people.
  public let notes: [String]
  private let input: Input
  /// What reads the tokens of each lane; nil for one that gives none, as in a controlled load.
  let tokens: [TokenLane?]
  /// Their memory limit is what lanes leave of it.
  private let options: PipelineOptions
  private let ending = Switch()
  /// What the run saves of itself, where it stops, and what it goes on from; nil for nothing of that. Set before
  /// `run`.
  public var snapshots: SnapshotPlan?

  /// A run of lanes over a source.
  ///
  /// Throws `usage` without a lane, with two of one name or a twin of too short a period, `badData`
  /// where a lane cannot take the source's rate or channels, and `memory` where they would take
  /// more than the options allow. Allocates everything but what subscribers need.
  public convenience init(
    source: any SampleSource, mode: Mode, lanes setups: [LaneSetup], options: PipelineOptions
  ) throws(SourceError) {
    guard let first = setups.first else {
      throw SourceError(.usage, "there is no lane: expected at least one model")
    }
    guard Set(setups.map(\.name)).count == setups.count else {
      throw SourceError(.usage, "two lanes have the same name: expected a name= for each")
    }
    for setup in setups { try setup.checkTwin() }
    var options = options
    options.memoryLimit = try LaneMemory.check(setups, limit: options.memoryLimit)
    let rate = first.rate(of: source.sampleRate, stampedRate: source.stampedRate)
    source.adopt(rate: rate)
    let match = try ColumnMatch(source, lanes: setups, channel: options.channel)
    if let wanted = match.wanted { source.take(columns: wanted) }
    var grids: [FrameGrid] = []
    // One table for all lanes that resample alike.
    var resamplers: [Int: Resampler] = [:]
    for setup in setups {
      let grid = try setup.grid(
        sourceRate: rate, resampler: resamplers[setup.frontEnd.sampleRate])
      resamplers[setup.frontEnd.sampleRate] = grid.resampler
      grids.append(grid)
    }
    // What the writer may be behind: nothing but a step where it takes turns with the lanes, else ten
    // seconds; and what one lane may hold back while another one's frames wait for it.
    let behind = mode.isVirtual ? 2 : 10 * mode.factor
    let longest = zip(setups, grids).map { $0.longestWait($1) }.max() ?? 0
    var lanes: [Lane] = []
    for (index, setup) in setups.enumerated() {
      lanes.append(
        Lane(
          index: index, setup: setup, grid: grids[index], mixer: match.mixer(of: setup),
          mode: mode, options: options, ringSeconds: behind + longest))
    }
    self.init(
      source: source, sourceRate: rate, mode: mode, lanes: lanes,
      tokens: zip(lanes, setups).map { $1.tokenLane(of: $0) }, options: options,
      notes: match.notes)
  }

  /// A run of lanes that are made already.
  init(
    source: any SampleSource, sourceRate: Int, mode: Mode, lanes: [Lane],
    tokens: [TokenLane?]? = nil, options: PipelineOptions, notes: [String] = []
  ) {
    self.lanes = lanes
    for lane in lanes { lane.allocationCount = options.allocationCount }
    self.notes = notes
    self.tokens = tokens ?? lanes.map { _ in nil }
    self.options = options
    input = .source(source, rate: sourceRate, mode: mode)
  }

  /// A controlled load.
  package init(scheduled: [ScheduledLane], options: PipelineOptions) {
    lanes = scheduled.map(\.lane)
    for lane in lanes { lane.allocationCount = options.allocationCount }
    notes = []
    tokens = lanes.map { _ in nil }
    self.options = options
    input = .schedule(scheduled)
  }

  /// What is known of the lanes before their first frame.
  public var descriptions: [LaneDescription] { lanes.map(\.description) }

  /// Source samples that the first frame of any lane takes.
  public var samplesNeeded: UInt64 { lanes.map { $0.grid.end(ofFrame: 0) }.min() ?? 0 }

  /// Runs once, until the input ends or fails, nobody takes results any more, or the options say stop.
  ///
  /// `subscribers` get every frame, gap and sample, on one thread.
  public func run(_ subscribers: [any FrameSubscriber] = []) -> PipelineResult {
    let run = PipelineRun(
      lanes: lanes, order: order, tokens: tokens, isVirtual: lanes[0].clock.isVirtual,
      subscribers: subscribers, watchesDrift: watchesDrift, totalSeconds: totalSeconds,
      ending: ending, plan: snapshots, source: sourceFacts, options: options)
    switch input {
    case .source(let source, let rate, let mode) where mode.isVirtual:
      return run.inTurn(
        DirectFeed(
          source: source, sourceRate: rate, lanes: lanes, factor: mode.factor,
          journal: options.journal, signalWriter: run.observesSamples ? run.writer : nil,
          stopPosition: stopPosition))
    case .source(let source, let rate, let mode):
      return run.onThreads(
        RingFeed(
          source: source, sourceRate: rate, lanes: lanes, mode: mode, options: options,
          observesSamples: run.observesSamples, desk: run.desk, stopPosition: stopPosition,
          isStopped: isStopped))
    case .schedule(let lanes) where lanes[0].lane.clock.isVirtual:
      return run.inTurn(VirtualSchedule(lanes, processorTime: options.processorTime))
    case .schedule(let lanes):
      return run.onThreads(RealTimeSchedule(lanes, options: options, isStopped: isStopped))
    }
  }

  /// Samples after which the run is to stop; nil for its end.
  private var stopPosition: UInt64? {
    snapshots?.stopFrame.map { $0 == 0 ? 0 : lanes[0].grid.end(ofFrame: $0 - 1) }
  }

  /// What a snapshot must have in common with the source; nil for a controlled load.
  private var sourceFacts: SnapshotKeeper.SourceFacts? {
    guard case .source(let source, let rate, let mode) = input else { return nil }
    let pace =
      switch mode {
      case .live: "live"
      case .replay(.max(let factor)): "max:\(factor)"
      case .replay(.realtime(let factor)): "\(factor)"
      }
    return SnapshotKeeper.SourceFacts(
      rate: rate,
      facts: [
        Snapshot.Fact("the pace", pace), Snapshot.Fact("the rate of the input", "\(rate) Hz"),
        Snapshot.Fact("the channels of the input", "\(source.channelCount)"),
        Snapshot.Fact("the channel", options.channel.map { "\($0 + 1)" }),
        Snapshot.Fact(
          "the late policy", mode.isVirtual ? nil : options.latePolicy.rawValue),
      ])
  }

  private func isStopped() -> Bool { ending.isOn || options.isStopped() }

  /// A live run and a load write as results come; a recording's results have an order of their own.
  private var order: Writer.Order {
    if case .source(_, _, .replay) = input { return .position }
    return .emission
  }

  /// In a controlled load nothing lasts long enough to drift.
  private var watchesDrift: Bool {
    if case .source = input { return true }
    return false
  }

  /// Of the whole input, in the schedule's time; nil where nobody knows.
  private var totalSeconds: Double? {
    guard case .source(let source, let rate, let mode) = input else { return nil }
    return source.sampleCount.map { Double($0) / Double(rate) / mode.factor }
  }
}

extension Pipeline.Mode {
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
