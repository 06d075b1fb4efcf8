import LatencyLog
import StreamCore
import StreamIO

/// A controlled load: lanes of many streams each, whose frames arrive on an absolute schedule whatever
/// the lanes do.
public final class LoadRun {
  let lanes: [LoadLane]
  private let options: LoadOptions
  private let logEncoder: FrameLogEncoder
  private var statistics: [LaneStatistics]
  private let deadlines: [Int64]
  private var late: [Int]
  private let channels: Int
  private let sampleRate: Double
  private let isEnding = LoadSwitch()
  private var sinkFailure: SinkError?

  /// Prepares lanes, choosing by measurement how many streams of each share a call.
  ///
  /// Throws `usage` without a lane, and `badData` where the input does not fit one. Allocates
  /// everything but what the log needs.
  public convenience init(
    lanes: [LaneSetup], input: LoadInput, options: LoadOptions
  ) throws(SourceError) {
    var models: [(LoadModel, LoadSignal)] = []
    for setup in lanes {
      models.append(
        (LoadModel(setup), try LoadSignal(input, for: setup.file.frontEnd, lane: setup.name)))
    }
    guard !models.isEmpty else {
      throw SourceError(.usage, "there is no lane: expected at least one model")
    }
    self.init(models: models, options: options)
  }

  /// `batchSize` stands in for the choice by measurement.
  init(
    models: [(model: LoadModel, signal: LoadSignal)], options: LoadOptions, batchSize: Int? = nil
  ) {
    self.options = options
    // The same for all, so that lanes of one rate get the same frames.
    let warmUpFrames = models.map(\.model.warmUpFrames).max() ?? 100
    lanes = models.enumerated().map { index, item in
      let rate = options.frameRate ?? item.model.ownFrameRate
      return LoadLane(
        index: index, model: item.model, signal: item.signal, streams: options.streams,
        frames: warmUpFrames + options.measuredFrames(frameRate: rate),
        warmUpFrames: warmUpFrames, frameRate: rate,
        batching: batchSize.map { MeasureBatching(size: $0, trials: []) }
          ?? Self.batching(of: item.model, lane: index, options),
        clock: LaneClock(isVirtual: options.clock == .virtual, start: 0, now: options.now))
    }
    logEncoder = FrameLogEncoder(
      options.logFormat, lanes: lanes.map(\.description), clock: options.clock)
    statistics = lanes.map { LaneStatistics($0.description) }
    deadlines = lanes.map(\.description.deadline)
    late = lanes.map { _ in 0 }
    channels = models.first?.signal.channels ?? 1
    sampleRate = Double(models.first?.model.frontEnd.sampleRate ?? 1)
  }

  /// What is known of the lanes before their first frame.
  public var descriptions: [LaneDescription] { lanes.map(\.description) }

  /// Chosen on a thread placed as the lane's will be.
  private static func batching(
    of model: LoadModel, lane: Int, _ options: LoadOptions
  ) -> MeasureBatching {
    var batching = MeasureBatching(size: 1, trials: [])
    startThread("lockstep load") {
      _ = LoadPlacement.take(
        lane: options.clock == .virtual ? 0 : lane, realtime: options.realtime)
      batching = MeasureBatching(choosingFor: model, streams: options.streams, now: options.now)
    }.wait()
    return batching
  }

  /// Runs to the end of the load, or until the options say stop.
  public func run() -> LoadResult {
    if let log = options.log { logEncoder.appendHeader(to: &log.buffer) }
    let placements = options.clock == .virtual ? runVirtually() : runInRealTime()
    return result(placements)
  }

  /// Every lane on a thread of its own; this one drains.
  private func runInRealTime() -> [LoadPlacement] {
    let start = options.now()
    let placements = LoadPlacements(count: lanes.count)
    let threads = lanes.enumerated().map { index, lane in
      startThread("lockstep load") { [options, isEnding] in
        placements.set(.take(lane: index, realtime: options.realtime), lane: index)
        lane.clock.restart(at: start)
        let began = options.processorTime()
        while !isEnding.isOn, lane.frame < lane.frames {
          let due = start + lane.nextArrival
          let now = options.now()
          // In parts, so that a request to stop is seen.
          if now < due {
            options.sleep(min(due, now + 50_000_000))
          } else {
            _ = lane.step()
          }
        }
        lane.processorTime = options.processorTime() - began
        lane.finish()
      }
    }
    while true {
      // Before the drain: what was committed before the last lane closed is seen by it.
      let isOver = lanes.allSatisfy { $0.results.isClosed }
      let count = drain()
      if options.isStopped() { isEnding.turnOn() }
      if isOver { break }
      if count == 0 { MonotonicClock.sleep(until: MonotonicClock.now() + 2_000_000) }
    }
    for thread in threads { thread.wait() }
    return placements.values
  }

  /// Lanes in turn on one thread, which drains too: there is nothing to contend with.
  private func runVirtually() -> [LoadPlacement] {
    let placements = LoadPlacements(count: lanes.count)
    let thread = startThread("lockstep load") { [self] in
      let placement = LoadPlacement.take(lane: 0, realtime: options.realtime)
      for lane in lanes.indices { placements.set(placement, lane: lane) }
      for lane in lanes { lane.clock.restart(at: options.now()) }
      var isOpen = true
      while isOpen, !isEnding.isOn {
        isOpen = false
        for lane in lanes {
          let began = options.processorTime()
          if lane.step() { isOpen = true }
          lane.processorTime += options.processorTime() - began
        }
        _ = drain()
        if options.isStopped() { isEnding.turnOn() }
      }
      for lane in lanes { lane.finish() }
      _ = drain()
    }
    thread.wait()
    return placements.values
  }

  /// Takes what the lanes have committed; returns how many records.
  private func drain() -> Int {
    var count = 0
    for (index, lane) in lanes.enumerated() {
      while let record = lane.results.first {
        take(record, lane: index)
        unsafe lane.results.take { _ in }
        count += 1
      }
    }
    if count > 0, sinkFailure == nil, let log = options.log {
      do throws(SinkError) { try log.flushIfFull() } catch { fail(error) }
    }
    return count
  }

  private func take(_ record: FrameRecord, lane index: Int) {
    let lane = lanes[index]
    statistics[index].add(record)
    options.frameObserver?(record)
    if sinkFailure == nil, let log = options.log { logEncoder.append(record, to: &log.buffer) }
    guard options.endsWhenLost, statistics[index].frames > lane.description.warmUpFrames,
      record.misses(deadline: deadlines[index])
    else { return }
    late[index] += 1
    // The nearest rank of 99 % leaves a hundredth of the frames above it.
    if late[index] > (lane.frames - lane.description.warmUpFrames) / 100 { isEnding.turnOn() }
  }

  private func fail(_ error: SinkError) {
    sinkFailure = error
    isEnding.turnOn()
  }

  private func result(_ placements: [LoadPlacement]) -> LoadResult {
    if sinkFailure == nil, let log = options.log {
      do throws(SinkError) { try log.flush() } catch { sinkFailure = error }
    }
    let kernelVariant = ((try? KernelVariant.selected()) ?? .portable).rawValue
    var summary = RunSummary(
      input: InputSummary(
        received: lanes.map(\.samples).max() ?? 0, rate: sampleRate, channels: channels),
      machine: .current(
        kernelVariant: kernelVariant,
        schedulerPolicy: placements.allSatisfy(\.isFIFO) ? "fifo" : "other"),
      lanes: zip(lanes, statistics).map { $1.summary($0.totals) }, measureClock: options.clock)
    let figures = zip(lanes, placements).map { lane, placement in
      MeasureFigures(
        streams: lane.streams, batching: lane.batching, core: placement.core,
        computing: lane.computing, processorTime: lane.processorTime,
        streamFrames: lane.frame * lane.streams,
        frameRate: 1e9 / lane.description.framePeriod)
    }
    for lane in lanes.indices { summary.lanes[lane].measure = figures[lane] }
    return LoadResult(
      summary: summary, statistics: statistics,
      endedEarly: lanes.contains { $0.frame < $0.frames }, late: late,
      stopped: options.isStopped(), sinkFailure: sinkFailure)
  }
}
