import StreamCore

/// The statistics of one lane, fed with its records in order while the run lasts.
///
/// Storage grows with the different values that come, some 50 KB a lane, and is bounded: `add` allocates now and
/// then, so that it belongs to the writer. One owner.
public struct LaneStatistics: Sendable, Restorable {
  /// What the lane is.
  public let lane: LaneDescription
  /// Frames so far, warm-up and dropped ones included.
  public private(set) var frames = 0
  /// Frames so far without an answer by their deadline; a dropped frame never has one.
  public private(set) var misses = MissCount()
  /// Frames whose arrival the device's clock put too late.
  public private(set) var clockAdjusted = 0
  /// Frames that the late policy skipped.
  public private(set) var dropped = StretchList()
  /// Frames whose outputs are not all finite.
  public private(set) var notFinite = NotFiniteFrames()
  /// Response times after the warm-up, in nanoseconds; dropped frames have none.
  public private(set) var response = DurationDistribution()
  /// Service times after the warm-up, one a call: a call belongs to where its last frame lies.
  public private(set) var service = DurationDistribution()
  /// From a record's commit to the return of the write, after the warm-up.
  public private(set) var writerDelay = DurationDistribution()

  /// The parts of the response times after the warm-up.
  public private(set) var budget = BudgetParts { _ in DurationDistribution() }
  /// What delivery took of the queue after the warm-up; empty where nothing came live.
  public private(set) var delivery = DurationDistribution()
  /// Response times of the warm-up, in nanoseconds.
  public private(set) var warmUpResponse = DurationDistribution()
  /// Service times of the calls whose last frame lies in the warm-up.
  public private(set) var warmUpService = DurationDistribution()

  /// Response times of the first and of the last frame of each chunk after the warm-up; nil for a lane
  /// whose frames wait for none. The median of all of them may lie where no frame does.
  public private(set) var responseInChunk: ChunkEnds<DurationDistribution>?
  /// Whether the next frame is the first one of its call.
  private var beginsCall = true

  private(set) var recovery = RecoveryWatch()
  /// Front-end and model calls as far as records tell, in nanoseconds.
  private var recordedComputing: Int64 = 0

  /// Statistics of a lane that has seen no frame yet.
  public init(_ lane: LaneDescription) {
    self.lane = lane
    if lane.hasWaitingInChunk {
      responseInChunk = ChunkEnds(first: DurationDistribution(), last: DurationDistribution())
    }
  }

  /// Frames so far that belong to the warm-up; of several inputs each has its own.
  public private(set) var warmUpFrames = 0

  /// Calls of the model so far, as the records tell them.
  public var callCount: Int { service.count + warmUpService.count }

  /// Computing time so far, as the records tell it, over frames x period; nil before the first
  /// frame. The summary's load comes from the lane's own total instead.
  public var loadSoFar: Double? { load(computing: recordedComputing) }

  /// Disturbances after the warm-up, the first 100 of them; one that is still open has no duration.
  public var recoveries: [Recovery] { recovery.recoveries }

  /// All disturbances after the warm-up, listed or not.
  public var recoveryCount: Int { recovery.count }

  /// Adds the next record of this lane.
  public mutating func add(_ record: FrameRecord) {
    let inWarmUp = frames < lane.warmUpFrames
    let missed = record.misses(deadline: lane.deadline)
    let begins = beginsCall
    beginsCall = record.endsCall || record.dropped
    frames += 1
    if inWarmUp { warmUpFrames += 1 }
    recordedComputing += record.frontEnd
    if missed { misses.add(inWarmUp: inWarmUp) }
    if record.clockAdjusted { clockAdjusted += 1 }
    if !inWarmUp { recovery.add(record, missed: missed) }
    if record.dropped {
      dropped.append(at: record.frame)
      return
    }
    if record.endsCall { recordedComputing += record.model }
    if inWarmUp {
      warmUpResponse.record(record.response)
      if record.endsCall { warmUpService.record(record.service) }
    } else {
      response.record(record.response)
      if begins { responseInChunk?.first.record(record.response) }
      if record.endsCall { responseInChunk?.last.record(record.response) }
      budget.add(record)
      if let delivery = record.delivery { self.delivery.record(delivery) }
      if record.endsCall { service.record(record.service) }
    }
  }

  /// Adds a record's outputs, which it may have none of.
  public mutating func add(outputs: borrowing Span<Float>, of record: FrameRecord) {
    for index in outputs.indices where !outputs[index].isFinite {
      notFinite.add(record.frame)
      return
    }
  }

  /// Adds what the same lane found in another input, as if it had been part of this one, whose frames it
  /// does not follow: what is listed by frame is only counted. Allocates.
  public mutating func add(_ other: LaneStatistics) {
    frames += other.frames
    warmUpFrames += other.warmUpFrames
    misses.add(other.misses)
    clockAdjusted += other.clockAdjusted
    notFinite.add(other.notFinite)
    response.add(other.response)
    service.add(other.service)
    writerDelay.add(other.writerDelay)
    for part in BudgetPart.allCases { budget[part].add(other.budget[part]) }
    delivery.add(other.delivery)
    warmUpResponse.add(other.warmUpResponse)
    warmUpService.add(other.warmUpService)
    if let ends = other.responseInChunk {
      responseInChunk?.first.add(ends.first)
      responseInChunk?.last.add(ends.last)
    }
    recovery.count(other.recovery)
    recordedComputing += other.recordedComputing
  }

  /// Adds the delay of one write in nanoseconds; left out while the lane is warming up.
  public mutating func addWriterDelay(_ nanoseconds: Int64) {
    if frames > lane.warmUpFrames { writerDelay.record(nanoseconds) }
  }

  public mutating func exchange(with archive: inout StateArchive) {
    archive.value(&frames)
    archive.value(&misses)
    archive.value(&clockAdjusted)
    archive.value(&dropped)
    archive.value(&response)
    archive.value(&service)
    archive.value(&writerDelay)
    for part in BudgetPart.allCases { archive.value(&budget[part]) }
    archive.value(&delivery)
    archive.value(&warmUpResponse)
    archive.value(&warmUpService)
    if var ends = responseInChunk {
      archive.value(&ends.first)
      archive.value(&ends.last)
      responseInChunk = ends
    }
    archive.value(&beginsCall)
    archive.value(&recovery)
    archive.value(&recordedComputing)
    archive.value(&warmUpFrames)
    archive.value(&notFinite)
  }

  /// Computing time in nanoseconds over frames x period; nil before the first frame.
  public func load(computing: Int64) -> Double? {
    frames == 0 ? nil : Double(computing) / (Double(frames) * lane.framePeriod)
  }
}

/// A value for the first frame of a chunk, which waits longest for the others, and one for the last.
public struct ChunkEnds<Value> {
  public var first: Value
  public var last: Value

  public init(first: Value, last: Value) {
    self.first = first
    self.last = last
  }
}

extension ChunkEnds: Sendable where Value: Sendable {}
extension ChunkEnds: Equatable where Value: Equatable {}

/// One value for each part of the latency budget.
public typealias BudgetParts<Value> = DelayParts<BudgetPart, Value>

extension BudgetParts<DurationDistribution> {
  mutating func add(_ record: FrameRecord) {
    for part in BudgetPart.allCases { self[part].record(record[part]) }
  }
}

/// How many frames had an output that is not finite, and where.
public struct NotFiniteFrames: Sendable, Equatable, Restorable {
  public private(set) var count = 0
  /// The first and the last of them; nil where there is none, and of several inputs those of the first
  /// that has one.
  public private(set) var firstFrame: UInt64?
  public private(set) var lastFrame: UInt64?

  public init() {}

  mutating func add(_ frame: UInt64) {
    count += 1
    firstFrame = firstFrame ?? frame
    lastFrame = frame
  }

  public mutating func exchange(with archive: inout StateArchive) {
    archive.value(&count)
    archive.value(&firstFrame)
    archive.value(&lastFrame)
  }

  mutating func add(_ other: NotFiniteFrames) {
    count += other.count
    guard firstFrame == nil else { return }
    (firstFrame, lastFrame) = (other.firstFrame, other.lastFrame)
  }
}

/// How many frames had no answer by their deadline.
public struct MissCount: Sendable, Equatable, Restorable {
  /// All of them.
  public private(set) var count: Int
  /// Those among them in the warm-up.
  public private(set) var inWarmUp: Int

  public init(count: Int = 0, inWarmUp: Int = 0) {
    self.count = count
    self.inWarmUp = inWarmUp
  }

  public mutating func exchange(with archive: inout StateArchive) {
    archive.value(&count)
    archive.value(&inWarmUp)
  }

  mutating func add(_ other: MissCount) {
    count += other.count
    inWarmUp += other.inWarmUp
  }

  mutating func add(inWarmUp: Bool) {
    count += 1
    if inWarmUp { self.inWarmUp += 1 }
  }
}
