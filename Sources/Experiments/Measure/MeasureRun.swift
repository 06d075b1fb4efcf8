import LaneRunner
import LatencyLog
import Results
import StreamCore
import StreamIO

/// A controlled load: lanes of many streams each, whose frames arrive on an absolute schedule whatever
/// the lanes do.
public final class MeasureRun {
  let lanes: [ScheduledLane]
  private let batchings: [MeasureBatching]
  private let options: MeasureOptions
  private let pipeline: Pipeline
  private let watch: LossWatch?

  /// Prepares lanes, choosing by measurement how many streams of each share a call.
  ///
  /// Throws `usage` without a lane, `badData` where the input does not fit one, and `memory` where the
  /// streams need more than there is. Allocates everything but what subscribers need.
  public convenience init(
    lanes: [LaneSetup], input: LoopedInput, options: MeasureOptions
  ) throws(SourceError) {
    var loads: [(LaneSetup, LoopedSignal)] = []
    for setup in lanes {
      loads.append((setup, try LoopedSignal(input, for: setup)))
    }
    guard !loads.isEmpty else {
      throw SourceError(.usage, "there is no lane: expected at least one model")
    }
    try MeasureMemory.check(
      lanes, streams: options.streams, limit: options.pipeline.memoryLimit)
    try self.init(loads, options: options)
  }

  /// `batchSize` stands in for the choice by measurement. Throws `memory` where the thread that chooses
  /// cannot start.
  init(
    _ loads: [(setup: LaneSetup, signal: LoopedSignal)], options: MeasureOptions,
    batchSize: Int? = nil
  ) throws(SourceError) {
    self.options = options
    // As in every run, and until the window of attention is full; the same for all, so that lanes of
    // one rate get the same frames.
    let warmUpFrames = loads.map {
      max(2 * $0.setup.model.chunkSize, $0.setup.model.settlingFrames)
    }
    .reduce(100, max)
    var batchings: [MeasureBatching] = []
    for (index, load) in loads.enumerated() {
      if let batchSize {
        batchings.append(MeasureBatching(size: batchSize, trials: []))
      } else {
        batchings.append(
          try Self.choice(for: load.setup, lane: index, of: loads.count, options))
      }
    }
    self.batchings = batchings
    lanes = loads.enumerated().map { index, load in
      let rate = options.frameRate ?? load.setup.frameRate
      return ScheduledLane(
        index: index, setup: load.setup, signal: load.signal, streams: options.streams,
        batch: batchings[index].size,
        frames: warmUpFrames + options.measuredFrames(frameRate: rate),
        warmUpFrames: warmUpFrames, frameRate: rate, isVirtual: options.clock == .virtual,
        now: options.pipeline.now)
    }
    let watch = options.endsWhenLost ? LossWatch(lanes) : nil
    self.watch = watch
    var pipelineOptions = options.pipeline
    pipelineOptions.bindsLanes = true
    if let watch {
      let isStopped = options.pipeline.isStopped
      pipelineOptions.isStopped = { watch.isLost.isOn || isStopped() }
    }
    pipeline = Pipeline(scheduled: lanes, options: pipelineOptions)
  }

  /// What is known of the lanes before their first frame.
  public var descriptions: [LaneDescription] { pipeline.descriptions }

  /// Chosen on a thread placed as the lane's will be.
  private static func choice(
    for setup: LaneSetup, lane: Int, of count: Int, _ options: MeasureOptions
  ) throws(SourceError) -> MeasureBatching {
    let placement = ThreadPlacement(
      isRealTime: options.pipeline.isRealTime, bindsLanes: true)
    var choice = MeasureBatching(size: 1, trials: [])
    try startThread("lockstep lane") {
      let role: ThreadPlacement.Role =
        options.clock == .virtual ? .lane(0, of: 1) : .lane(lane, of: count)
      _ = placement.apply(role)
      choice = MeasureBatching(
        choosingFor: setup, streams: options.streams, now: options.pipeline.now,
        isStopped: options.pipeline.isStopped)
    }.wait()
    return choice
  }

  /// Runs to the end of the load, or until the options say stop; `subscribers` get every frame.
  public func run(_ subscribers: [any FrameSubscriber] = []) -> MeasureResult {
    let run = pipeline.run(subscribers + (watch.map { [$0] } ?? []))
    var summary = run.summary
    summary.measureClock = options.clock
    for (index, lane) in lanes.enumerated() {
      summary.lanes[index].measure = MeasureFigures(
        of: summary.lanes[index], streams: lane.streams, batching: batchings[index],
        core: lane.placement.core, processorTime: lane.processorTime,
        streamFrames: lane.frame * lane.streams)
    }
    return MeasureResult(
      summary: summary, statistics: run.statistics,
      stopped: options.pipeline.isStopped(), subscriberFailure: run.subscriberFailures.first)
  }
}

/// What a controlled load came to.
public struct MeasureResult: Sendable {
  /// Of every lane; samples and state are those of one stream.
  public var summary: RunSummary
  /// What the summary's lanes were made of, in their order.
  public var statistics: [LaneStatistics]
  /// Whether it was asked to stop.
  public var stopped: Bool
  /// What kept a subscriber from taking everything.
  public var subscriberFailure: (any Error)?

  /// What the load found, in the order of the summary's lanes.
  public var figures: [MeasureFigures] { summary.lanes.compactMap(\.measure) }
  /// By lane, where the most streams were searched for.
  public var maxima: [MeasureMaximum] { figures.compactMap(\.maximum) }

  /// Takes the lanes of another result in, after its own; the input is that of the first.
  public mutating func append(_ other: MeasureResult) {
    summary.lanes += other.summary.lanes
    statistics += other.statistics
    stopped = stopped || other.stopped
    subscriberFailure = subscriberFailure ?? other.subscriberFailure
  }
}

/// Sees when p99 of a lane's response time must come out over its deadline.
private final class LossWatch: FrameSubscriber {
  let isLost = Switch()
  /// Frames after the warm-up over the deadline, by lane.
  private var late: [Int]
  private var frames: [Int]
  private let lanes: [(deadline: Int64, warmUp: Int, planned: Int)]

  init(_ lanes: [ScheduledLane]) {
    late = lanes.map { _ in 0 }
    frames = late
    self.lanes = lanes.map {
      let description = $0.lane.description
      return (description.deadline, description.warmUpFrames, $0.frames)
    }
  }

  func frame(_ record: FrameRecord, time: Double, output: borrowing Span<Float>) {
    let lane = lanes[record.lane]
    frames[record.lane] += 1
    guard frames[record.lane] > lane.warmUp, record.misses(deadline: lane.deadline) else { return }
    late[record.lane] += 1
    // The nearest rank of 99 % leaves a hundredth of the frames above it.
    if late[record.lane] > (lane.planned - lane.warmUp) / 100 { isLost.turnOn() }
  }
}
