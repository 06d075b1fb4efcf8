import StreamCore

/// One minute of one lane, or several in a row, so that hours can be read at a glance.
public struct DriftMinute: Sendable, Equatable {
  /// From 0, by frames; the first one of several.
  public var minute: Int
  /// How many minutes it stands for: more than one in runs of over a day.
  public var minutes = 1
  /// Norm of the recurrent state as the lane last saw it, ten seconds before its end at most.
  public var stateNorm: Double?
  /// Share of the KV cache that held a position at its end.
  public var cacheFill: Double?
  /// Mean of the first output value; nil when every frame was dropped.
  public var outputMean: Double?
  /// In nanoseconds; nil for fewer than 1,000 frames. The highest one of several minutes.
  public var responseP99: Int64?
  /// Resident memory of the process at its end, in bytes.
  public var residentBytes: Int?
}

/// Collects a lane's frames minute by minute, in memory that is bounded however long a run lasts. Used by
/// the writer; allocates now and then.
public struct DriftMonitor: Sendable, Restorable {
  /// Entries kept, a day of minutes. When they are full, neighbours merge, and from then on each entry
  /// stands for twice as many minutes.
  static let capacity = 1_440

  /// The minutes that are over.
  public var minutes: [DriftMinute] { entries.map(\.minute) }

  /// Each with the number of its output values, the weight of their mean.
  private var entries: [(minute: DriftMinute, outputCount: Int)] = []
  /// Minutes of a whole entry; the newest may have fewer.
  private var minutesPerEntry = 1
  private var minuteCount = 0
  private let framesPerMinute: Int
  /// Of the minute that is not over.
  private var responses = DurationDistribution()
  private var frames = 0
  private var outputSum = 0.0
  private var outputCount = 0

  /// `framePeriod` in nanoseconds of the stream's own time.
  public init(framePeriod: Double) {
    framesPerMinute = max(1, Int((60e9 / framePeriod).rounded()))
  }

  /// Adds a frame; true when it was the last one of its minute, which `close` then ends.
  public mutating func add(_ record: FrameRecord) -> Bool {
    frames += 1
    if !record.dropped { responses.record(record.response) }
    return frames == framesPerMinute
  }

  /// Adds the first value of a frame's output.
  public mutating func add(output: Float) {
    guard output.isFinite else { return }
    outputSum += Double(output)
    outputCount += 1
  }

  /// Ends a minute with what only the caller can see.
  public mutating func close(stateNorm: Double?, cacheFill: Double?, residentBytes: Int?) {
    append(
      DriftMinute(
        minute: minuteCount, stateNorm: stateNorm, cacheFill: cacheFill,
        outputMean: outputCount > 0 ? outputSum / Double(outputCount) : nil,
        responseP99: responses.percentile(.p99), residentBytes: residentBytes))
    minuteCount += 1
    responses = DurationDistribution()
    frames = 0
    outputSum = 0
    outputCount = 0
  }

  public mutating func exchange(with archive: inout StateArchive) {
    archive.list(&entries, limit: Self.capacity, blank: (DriftMinute(minute: 0), 0)) {
      entry, archive in
      archive.value(&entry.minute)
      archive.value(&entry.outputCount)
    }
    archive.value(&minutesPerEntry)
    archive.value(&minuteCount)
    archive.value(&responses)
    archive.value(&frames)
    archive.value(&outputSum)
    archive.value(&outputCount)
  }

  private mutating func append(_ minute: DriftMinute) {
    if let last = entries.indices.last, entries[last].minute.minutes < minutesPerEntry {
      entries[last] = Self.merged(entries[last], (minute, outputCount))
      return
    }
    if entries.count == Self.capacity {
      entries = stride(from: 0, to: Self.capacity, by: 2).map {
        Self.merged(entries[$0], entries[$0 + 1])
      }
      minutesPerEntry *= 2
    }
    entries.append((minute, outputCount))
  }

  /// Two entries in a row as one.
  private static func merged(
    _ one: (minute: DriftMinute, outputCount: Int), _ next: (minute: DriftMinute, outputCount: Int)
  ) -> (minute: DriftMinute, outputCount: Int) {
    var result = next.minute
    result.minute = one.minute.minute
    result.minutes += one.minute.minutes
    let outputs = one.outputCount + next.outputCount
    let sum =
      (one.minute.outputMean ?? 0) * Double(one.outputCount)
      + (next.minute.outputMean ?? 0) * Double(next.outputCount)
    result.outputMean = outputs > 0 ? sum / Double(outputs) : nil
    result.responseP99 = [one.minute.responseP99, next.minute.responseP99].compactMap { $0 }.max()
    return (result, outputs)
  }
}

extension DriftMinute: Restorable {
  public mutating func exchange(with archive: inout StateArchive) {
    archive.value(&minute)
    archive.value(&minutes)
    archive.value(&stateNorm)
    archive.value(&cacheFill)
    archive.value(&outputMean)
    archive.value(&responseP99)
    archive.value(&residentBytes)
  }
}
