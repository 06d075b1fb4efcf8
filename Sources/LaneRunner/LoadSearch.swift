import Foundation
import LatencyLog
import StreamIO

/// Finds the most streams of one lane that hold a deadline: doubling, bisection, and a longer run that
/// confirms, stepping down where it does not.
///
/// It presumes that more streams are never easier. A run that fails is repeated once, and a search that
/// ends with p99 below half of the deadline goes on from there, so that disturbances of the machine do
/// not halve the answer; the run that confirms has no second chance.
public struct LoadSearch {
  /// More streams are not tried.
  public static let streamLimit = 65_536

  private let model: LoadModel
  private let signal: LoadSignal
  private let options: LoadOptions
  private let limit: Int
  private let report: (LoadProbe) -> Void
  private var probes: [LoadProbe] = []
  private var lastRun: LoadResult?

  /// - Parameters:
  ///   - options: of every run; at least 1,000 frames are measured whatever the duration. The log is
  ///     not written.
  ///   - report: sees each run as it ends.
  /// - Throws: `badData` where the input does not fit the lane.
  public init(
    lane: LaneSetup, input: LoadInput, options: LoadOptions,
    report: @escaping (LoadProbe) -> Void
  ) throws(SourceError) {
    self.init(
      model: LoadModel(lane),
      signal: try LoadSignal(input, for: lane.file.frontEnd, lane: lane.name),
      options: options, report: report)
  }

  init(
    model: LoadModel, signal: LoadSignal, options: LoadOptions,
    report: @escaping (LoadProbe) -> Void
  ) {
    self.model = model
    self.signal = signal
    self.options = options
    self.report = report
    // Choosing a batch keeps the streams three times; half of the memory is for others.
    let memory = ProcessInfo.processInfo.physicalMemory / 2
    let fitting = Int(clamping: memory / UInt64(max(1, 3 * model.stateBytes)))
    limit = max(1, min(Self.streamLimit, fitting))
  }

  /// The answer, in the result of the run that it stands on; nil where it was asked to stop.
  public mutating func run() -> LoadResult? {
    guard let first = holds(1) else { return nil }
    guard first else { return answer(0, in: lastRun) }
    var (good, confirmed) = (1, 0)
    var confirmation: LoadResult?
    for _ in 0..<Self.attempts {
      guard let most = most(from: good) else { return nil }
      if most == confirmed { break }
      guard let found = confirm(most, above: confirmed) else { return nil }
      if found == confirmed { break }
      (good, confirmed, confirmation) = (found, found, lastRun)
      // One stream more does not double p99: what stopped the search was a disturbance.
      guard let lane = confirmation?.summary.lanes.first, let p99 = lane.response.p99,
        2 * p99 < lane.deadline, confirmed < limit
      else { break }
    }
    return answer(confirmed, in: confirmation ?? lastRun)
  }

  /// How often the search begins where it had ended far within the deadline, the first time included.
  private static let attempts = 3

  /// Doubles and bisects from streams that hold; nil where it was asked to stop.
  private mutating func most(from streams: Int) -> Int? {
    var (good, bad) = (streams, limit + 1)
    while good < limit, bad > limit {
      let next = min(2 * good, limit)
      guard let holding = holds(next) else { return nil }
      if holding { good = next } else { bad = next }
    }
    while bad - good > 1 {
      let middle = good + (bad - good) / 2
      guard let holding = holds(middle) else { return nil }
      if holding { good = middle } else { bad = middle }
    }
    return good
  }

  /// The first streams, stepping down to what is confirmed already, that hold the longer run.
  private mutating func confirm(_ streams: Int, above confirmed: Int) -> Int? {
    var streams = streams
    var step = max(1, streams / 50)
    while streams > confirmed {
      guard let holding = probe(streams, confirming: true) else { return nil }
      if holding { return streams }
      if streams == confirmed + 1 { break }
      streams = max(confirmed + 1, streams - step)
      step *= 2
    }
    return confirmed
  }

  private mutating func holds(_ streams: Int) -> Bool? {
    guard let first = probe(streams, confirming: false) else { return nil }
    return first ? true : probe(streams, confirming: false)
  }

  /// Whether one run holds; nil where it was asked to stop.
  private mutating func probe(_ streams: Int, confirming: Bool) -> Bool? {
    var options = options
    options.streams = streams
    options.log = nil
    // One stream has an answer to show even if it fails.
    options.endsWhenLost = streams > 1
    options.leastFrames = max(LoadMaximum.leastFrames, options.leastFrames)
    if confirming {
      let frames = options.measuredFrames(frameRate: options.frameRate ?? model.ownFrameRate)
      options.leastFrames = LoadMaximum.confirmingFactor * frames
    }
    let run = LoadRun(models: [(model, signal)], options: options)
    let result = run.run()
    guard !result.stopped, let lane = result.summary.lanes.first else { return nil }
    let measured = lane.frames - lane.warmUp.frames
    let planned = run.lanes[0].frames - run.lanes[0].description.warmUpFrames
    let p99 = lane.response.p99
    let holds = measured == planned && p99.map { $0 <= lane.deadline } ?? false
    let probe = LoadProbe(
      streams: streams, batch: run.lanes[0].batching.size, frames: measured,
      plannedFrames: planned, p99: p99, late: lane.misses.count - lane.misses.inWarmUp,
      load: lane.load, confirms: confirming, holds: holds)
    probes.append(probe)
    report(probe)
    lastRun = result
    return holds
  }

  private func answer(_ streams: Int, in run: LoadResult?) -> LoadResult? {
    guard var result = run, let lane = result.summary.lanes.first else { return nil }
    result.maxima = [
      LoadMaximum(
        deadline: lane.deadline, streams: streams, isAtLimit: streams == limit, probes: probes)
    ]
    return result
  }
}
