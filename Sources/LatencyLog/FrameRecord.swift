import StreamCore

/// One frame of one lane: where it is in the stream, and the six instants of its life.
///
/// Instants are integer nanoseconds since the start of the run, on the run's clock (monotonic or
/// virtual). They are ordered: arrival <= frontEndStart <= frontEndEnd <= modelStart <= modelEnd <=
/// emission, so that the parts of the budget add up to the response time exactly. A dropped frame
/// never reached the model: its last three instants all equal the instant of the decision.
public struct FrameRecord: Sendable, Equatable, BitwiseCopyable {
  /// Index of the lane, in the order in which the lanes were given.
  public var lane: Int
  /// Absolute index of the frame since the stream began.
  public var frame: UInt64
  /// Index, at the source's rate, of the source sample whose arrival completes the frame.
  public var position: UInt64
  /// a: the last sample that the frame needs became available.
  public var arrival: Int64
  /// b: start of the front-end call that completes the frame.
  public var frontEndStart: Int64
  /// c: end of that call.
  public var frontEndEnd: Int64
  /// d: start of the model call that yields the frame's output.
  public var modelStart: Int64
  /// e: end of that call.
  public var modelEnd: Int64
  /// f: the output was committed to the writer's ring.
  public var emission: Int64
  /// Whether the frame is the last one of the model call that produced it; calls are counted by it.
  public var endsCall: Bool
  /// Whether the device's clock put the arrival after the start of the front-end call, so that the
  /// arrival was set to that start.
  public var clockAdjusted: Bool
  /// Whether the late policy skipped the frame: it has a record and no output.
  public var dropped: Bool
  /// Of a live frame the part of `queue` that passed before the program could have its last sample: the
  /// grain in which the input is delivered, and whatever held it up. Nil of any other frame, and of one
  /// whose last sample was lost.
  public var delivery: Int64?
  /// The end of its last sample in seconds, on the input's own clock; subscribers get it beside the record.
  package var time = 0.0

  public init(
    lane: Int, frame: UInt64, position: UInt64, arrival: Int64, frontEndStart: Int64,
    frontEndEnd: Int64, modelStart: Int64, modelEnd: Int64, emission: Int64,
    endsCall: Bool = true, clockAdjusted: Bool = false, dropped: Bool = false,
    delivery: Int64? = nil
  ) {
    self.lane = lane
    self.frame = frame
    self.position = position
    self.arrival = arrival
    self.frontEndStart = frontEndStart
    self.frontEndEnd = frontEndEnd
    self.modelStart = modelStart
    self.modelEnd = modelEnd
    self.emission = emission
    self.endsCall = endsCall
    self.clockAdjusted = clockAdjusted
    self.dropped = dropped
    self.delivery = delivery
  }

  /// Delivery delay and waking late included.
  public var queue: Int64 { frontEndStart - arrival }
  /// Service of the front-end call that completed the frame.
  public var frontEnd: Int64 { frontEndEnd - frontEndStart }
  /// Waiting for the rest of the chunk, the lane's work for its later frames included.
  public var buffering: Int64 { modelStart - frontEndEnd }
  /// Service of the whole model call that produced the output.
  public var model: Int64 { modelEnd - modelStart }
  /// From the end of the model call to the output's commit.
  public var emit: Int64 { emission - modelEnd }
  /// f - a: the sum of the five parts.
  public var response: Int64 { emission - arrival }
  /// Service time of the call that ends with this frame: its front-end call plus the model call.
  public var service: Int64 { frontEnd + model }

  /// One part of the response time, in nanoseconds.
  public subscript(part: BudgetPart) -> Int64 {
    switch part {
    case .queue: queue
    case .frontEnd: frontEnd
    case .buffering: buffering
    case .model: model
    case .emit: emit
    }
  }

  /// Whether the frame missed a deadline of so many nanoseconds: its response time is over it, or
  /// it was dropped, so that no answer ever came.
  public func misses(deadline: Int64) -> Bool { dropped || response > deadline }
}

/// The parts of a response time, in the order of a frame's life; they add up to it.
public enum BudgetPart: Int, Sendable, CaseIterable {
  case queue, frontEnd, buffering, model, emit

  /// Its key in the summary, such as `front_end`.
  public var key: String { self == .frontEnd ? "front_end" : "\(self)" }
}

/// The clock that a run's instants are on; its name is what the log says.
public enum RunClock: String, Sendable, Equatable {
  /// Of the schedule and of durations measured one by one: nothing waited for real time.
  case virtual
  /// The system's monotonic clock.
  case monotonic
}

extension FrameRecord: Restorable {
  /// Before anything is known of it.
  package static let blank = FrameRecord(
    lane: 0, frame: 0, position: 0, arrival: 0, frontEndStart: 0, frontEndEnd: 0, modelStart: 0,
    modelEnd: 0, emission: 0)

  public mutating func exchange(with archive: inout StateArchive) {
    archive.value(&lane)
    archive.value(&frame)
    archive.value(&position)
    archive.value(&arrival)
    archive.value(&frontEndStart)
    archive.value(&frontEndEnd)
    archive.value(&modelStart)
    archive.value(&modelEnd)
    archive.value(&emission)
    archive.value(&endsCall)
    archive.value(&clockAdjusted)
    archive.value(&dropped)
    archive.value(&delivery)
    archive.value(&time)
    archive.check(time.isFinite)
    guard archive.isRestoring else { return }
    let instants = [arrival, frontEndStart, frontEndEnd, modelStart, modelEnd, emission]
    // Sums of their distances are far from overflow.
    archive.check(arrival > -1 << 60 && emission < 1 << 60)
    archive.check(zip(instants, instants.dropFirst()).allSatisfy(<=))
  }
}
