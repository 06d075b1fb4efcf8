import LatencyLog
import PlainText

/// The lanes of a frame log, with the figures that a summary of the run would have.
///
/// A log tells neither models nor deadlines, so that their keys are missing.
public struct LoggedRun {
  /// In the order in which they first appear.
  private var lanes: [LoggedLane] = []
  /// Of its records; nil without one.
  public private(set) var clock: RunClock?

  /// No line yet.
  public init() {}

  /// Takes the next line.
  public mutating func add(_ line: FrameLogDecoder.Line) {
    clock = line.clock
    if let index = lanes.firstIndex(where: { $0.name == line.lane }) {
      lanes[index].add(line)
    } else {
      var lane = LoggedLane(line.lane)
      lane.add(line)
      lanes.append(lane)
    }
  }

  /// What came of it, each lane with its response times. Allocates.
  public mutating func compared() -> [ComparedLane] {
    var compared: [ComparedLane] = []
    for index in lanes.indices { compared.append(lanes[index].compared()) }
    lanes = []
    return compared
  }
}

/// Response times of a lane by position: what pairs two runs over the same input.
public struct ResponseSeries: Sendable, Equatable {
  /// Of source samples, ascending.
  public var positions: [UInt64] = []
  /// Nanoseconds, one a position.
  public var responses: [Int64] = []
  /// The most frames of one call.
  public var chunkSize = 1

  public init() {}
}

/// One lane of a log while it is read.
private struct LoggedLane {
  let name: String
  /// Until it is known how many frames a call has, which decides the warm-up.
  private var first: [FrameLogDecoder.Line] = []
  private var statistics: LaneStatistics?
  /// The last one: the next tells whether it ended its call.
  private var pending: FrameLogDecoder.Line?
  private var misses = (count: 0, inWarmUp: 0)
  private var series = ResponseSeries()

  /// Records after which the size of calls is known.
  private static let needed = 2_048

  init(_ name: String) { self.name = name }

  mutating func add(_ line: FrameLogDecoder.Line) {
    guard statistics == nil else { return take(line) }
    first.append(line)
    if first.count == Self.needed { begin() }
  }

  private mutating func begin() {
    var (run, most) = (0, 1)
    for (index, line) in first.enumerated() where !line.record.dropped {
      let isSameCall =
        index > 0 && !first[index - 1].record.dropped
        && first[index - 1].record.modelStart == line.record.modelStart
      run = isSameCall ? run + 1 : 1
      most = max(most, run)
    }
    series.chunkSize = most
    let (begin, end) = (first[0].record, first[first.count - 1].record)
    let frames = Double(max(1, end.frame - min(begin.frame, end.frame)))
    // Misses are the log's own: no deadline is over any response time.
    statistics = LaneStatistics(
      LaneDescription(
        name: name, architecture: "", precision: "", deadline: .max,
        framePeriod: Double(end.arrival - begin.arrival) / frames, modelRate: 0, chunkSize: most,
        algorithmicLatency: 0, signalDelay: 0, stateBytes: 0, weightBytes: 0, macsPerFrame: 0))
    let lines = first
    first = []
    for line in lines { take(line) }
  }

  private mutating func take(_ line: FrameLogDecoder.Line) {
    if var last = pending {
      last.record.endsCall =
        !last.record.dropped
        && (line.record.dropped || last.record.modelStart != line.record.modelStart)
      count(last)
    }
    pending = line
  }

  private mutating func count(_ line: FrameLogDecoder.Line) {
    guard let warmUp = statistics?.lane.warmUpFrames, let frames = statistics?.frames else {
      return
    }
    let isWarm = frames >= warmUp
    if line.missed {
      misses.count += 1
      if !isWarm { misses.inWarmUp += 1 }
    }
    if isWarm, !line.record.dropped {
      series.positions.append(line.record.position)
      series.responses.append(line.record.response)
    }
    statistics?.add(line.record)
  }

  /// The keys of a lane that a log knows.
  private static let keys: Set<String> = [
    "name", "frames", "misses", "dropped", "response", "response_in_chunk", "service", "budget",
    "load", "warm_up",
  ]

  mutating func compared() -> ComparedLane {
    if statistics == nil { begin() }
    if var last = pending {
      last.record.endsCall = !last.record.dropped
      count(last)
    }
    pending = nil
    guard let statistics else { return ComparedLane(name: name, json: .object([]), frames: 0) }
    var summary = statistics.summary(LaneTotals())
    summary.misses = MissCount(count: misses.count, inWarmUp: misses.inWarmUp)
    summary.load = statistics.lane.framePeriod > 0 ? statistics.loadSoFar : nil
    var members: [(key: String, value: JSONValue)] = []
    if case .object(let all) = summary.json {
      members = all.filter { Self.keys.contains($0.key) }
    }
    return ComparedLane(
      name: name, json: .object(members), frames: statistics.frames, series: series)
  }
}
