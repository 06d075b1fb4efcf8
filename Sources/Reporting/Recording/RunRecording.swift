import LatencyLog
import StreamCore

/// Collects what a page shows of a run while it lasts, in memory that does not grow: an hour takes no
/// more than a minute. Owned by one thread.
public final class RunRecording: FrameSubscriber {
  /// Channels beyond these are not kept.
  static let channelLimit = 16

  private(set) var lanes: [LaneRecording]
  /// By sample position at the source's rate, a channel each of the source's.
  private(set) var signal: DecimatedSeries<ValueRange>
  /// Of the source, kept or not.
  let channels: Int

  /// Allocates everything. `outputNames` are those of each lane's outputs; those of a lane in `tokenLanes` are
  /// names of tokens, which it keeps in place of the outputs.
  public init(
    lanes: [LaneDescription], outputNames: [[String]], channels: Int, tokenLanes: Set<Int> = []
  ) {
    self.lanes = lanes.indices.map { index in
      tokenLanes.contains(index)
        ? LaneRecording(lanes[index], outputNames: [], tokenNames: outputNames[index])
        : LaneRecording(lanes[index], outputNames: outputNames[index])
    }
    self.channels = channels
    signal = DecimatedSeries(channels: max(1, min(channels, Self.channelLimit)))
  }

  /// Names of outputs that any lane has, in order.
  public var outputNames: [String] {
    lanes.flatMap(\.outputNames).reduce(into: []) { names, name in
      if !names.contains(name) { names.append(name) }
    }
  }

  public var wantsSamples: Bool { true }

  /// Takes a lane's next frame: the end of its last sample in seconds, and its output, empty for a
  /// dropped one.
  public func frame(_ record: FrameRecord, time: Double, output: borrowing Span<Float>) {
    lanes[record.lane].add(record, time: time, output: output)
  }

  public func token(_ token: TokenRecord) { lanes[token.lane].add(token) }

  public func exchange(with archive: inout StateArchive) {
    archive.each(&lanes)
    archive.value(&signal)
  }

  /// Takes samples `[count, channels]` from a position on.
  public func samples(_ samples: borrowing Span<Float>, at position: UInt64) {
    for sample in 0..<samples.count / channels {
      for channel in 0..<signal.channels {
        signal.add(
          ValueRange(samples[sample * channels + channel]), channel: channel,
          at: position + UInt64(sample))
      }
    }
  }
}

/// What a page shows of one lane's frames, in memory that does not grow.
struct LaneRecording: Restorable {
  /// Outputs beyond these are not kept.
  static let outputLimit = 64

  /// By frame.
  private(set) var responses = DecimatedSeries<ResponseSpan>()
  /// By frame, a channel an output.
  private(set) var outputs: DecimatedSeries<ValueRange>
  /// Of the frames after the warm-up.
  private(set) var slowest = SlowestMoment()
  let outputNames: [String]
  /// The first tokens, as many as a page shows; nil of a lane that gives none.
  private(set) var tokens: [RecordedToken]?
  /// All of them.
  private(set) var tokenCount = 0
  private let tokenNames: [String]
  private let lane: LaneDescription
  private var frames = 0
  private var first: (frame: UInt64, time: Double)?
  private var last: (frame: UInt64, time: Double)?

  /// With `tokenNames` the lane gives tokens.
  init(_ lane: LaneDescription, outputNames: [String], tokenNames: [String]? = nil) {
    self.lane = lane
    self.tokenNames = tokenNames ?? []
    tokens = tokenNames.map { _ in [] }
    self.outputNames = Array(outputNames.prefix(Self.outputLimit))
    outputs = DecimatedSeries(channels: max(1, self.outputNames.count))
  }

  /// Takes the next frame: the end of its last sample in seconds, and its output, empty for a dropped
  /// one.
  mutating func add(_ record: FrameRecord, time: Double, output: borrowing Span<Float>) {
    if first == nil { first = (record.frame, time) }
    last = (record.frame, time)
    frames += 1
    responses.add(ResponseSpan(record, deadline: lane.deadline), at: record.frame)
    if frames > lane.warmUpFrames { slowest.add(record) }
    for channel in 0..<min(output.count, outputNames.count) {
      outputs.add(ValueRange(output[channel]), channel: channel, at: record.frame)
    }
  }

  mutating func add(_ token: TokenRecord) {
    tokenCount += 1
    guard tokens?.count ?? .max < RecordedToken.limit else { return }
    tokens?.append(
      RecordedToken(
        output: token.output, begins: token.begins, time: token.time, emitted: token.emitted))
  }

  func name(of token: RecordedToken) -> String {
    tokenNames.indices.contains(token.output) ? tokenNames[token.output] : ""
  }

  mutating func exchange(with archive: inout StateArchive) {
    archive.value(&responses)
    archive.value(&outputs)
    archive.value(&slowest)
    archive.optional(&tokens, blank: []) { tokens, archive in
      archive.list(&tokens, limit: RecordedToken.limit, blank: .blank)
    }
    archive.value(&tokenCount)
    archive.value(&frames)
    for end in [\LaneRecording.first, \LaneRecording.last] {
      archive.optional(&self[keyPath: end], blank: (frame: 0, time: 0)) { place, archive in
        archive.value(&place.frame)
        archive.value(&place.time)
      }
    }
  }

  /// Seconds at a frame, or between two; 0 before the first.
  func time(ofFrame frame: Double) -> Double {
    guard let first else { return 0 }
    return first.time + (frame - Double(first.frame)) * framePeriod
  }

  /// Seconds from a frame to the next, on the input's time axis.
  var framePeriod: Double {
    guard let first, let last, last.frame > first.frame else { return lane.framePeriod / 1e9 }
    return (last.time - first.time) / Double(last.frame - first.frame)
  }

  /// Frames that a model call gives.
  var chunkSize: Int {
    Int((Double(lane.algorithmicLatency) / lane.framePeriod).rounded()) + 1
  }

  /// Seconds at the middle of the frames that a bucket covers.
  func time<Bucket>(of bucket: Int, in series: DecimatedSeries<Bucket>) -> Double {
    time(ofFrame: series.middle(of: bucket))
  }

  /// A channel of the lane's frames for people who point at a plot.
  func readout<Bucket>(
    _ name: String, lane: Int, unit: PlotSeries.Unit, of series: DecimatedSeries<Bucket>,
    channel: Int = 0
  ) -> PlotSeries {
    PlotSeries(
      name: name, lane: lane, unit: unit, start: time(of: 0, in: series),
      step: framePeriod * Double(series.width), ranges: series.channel(channel).map(\.range))
  }

  /// Seconds at the last frame.
  var end: Double { last?.time ?? 0 }
}

/// A token as a page shows it; times are seconds on the input's own clock.
struct RecordedToken {
  /// Tokens of a lane beyond these are not kept.
  static let limit = 2_000

  /// Index of its label among the lane's outputs.
  var output: Int
  var begins: Double
  var time: Double
  var emitted: Double
}

extension RecordedToken: Restorable {
  static let blank = RecordedToken(output: 0, begins: 0, time: 0, emitted: 0)

  mutating func exchange(with archive: inout StateArchive) {
    archive.value(&output)
    archive.value(&begins)
    archive.value(&time)
    archive.value(&emitted)
  }
}

/// The frame with the longest response time, and the frames around it.
struct SlowestMoment: Restorable {
  /// How far the frames kept are from the slowest one, by their numbers: a gap or a sleep may lie
  /// between two records, and what is on its other side is no neighbour.
  static let reach: UInt64 = 40

  /// In order, the slowest one among them; empty before the first frame.
  private(set) var frames: [FrameRecord] = []
  private(set) var slowest: FrameRecord?
  private var recent: [FrameRecord] = []

  mutating func exchange(with archive: inout StateArchive) {
    archive.list(&frames, blank: .blank)
    archive.value(&slowest, blank: .blank)
    archive.list(&recent, limit: Int(Self.reach), blank: .blank)
  }

  /// Takes the next frame; their numbers rise.
  mutating func add(_ record: FrameRecord) {
    if !record.dropped, record.response > slowest?.response ?? -1 {
      slowest = record
      frames = recent.filter { record.frame <= $0.frame + Self.reach } + [record]
    } else if let slowest, record.frame <= slowest.frame + Self.reach {
      frames.append(record)
    }
    if recent.count == Int(Self.reach) { recent.removeFirst() }
    recent.append(record)
  }
}
