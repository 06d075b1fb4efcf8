import StreamCore

/// Watches a lane's frames for disturbances and for the recovery from each.
struct RecoveryWatch: Sendable, Restorable {
  /// Frames in a row that must meet the deadline before a disturbance is over.
  static let steadyFrames = 100
  /// Disturbances kept one by one; further ones are only counted.
  static let listed = 100

  /// All disturbances, listed or not, one still open included.
  private(set) var count = 0

  private var finished: [Recovery] = []
  private var open = false
  private var firstFrame: UInt64 = 0
  private var firstArrival: Int64 = 0
  /// Frames since the first miss, it included.
  private var frames = 0
  /// Frames in a row, up to now, that met the deadline, and the arrival of the first of them.
  private var steady = 0
  private var steadyArrival: Int64 = 0

  /// Takes the next frame in order.
  mutating func add(_ record: FrameRecord, missed: Bool) {
    if missed && !open {
      open = true
      count += 1
      firstFrame = record.frame
      firstArrival = record.arrival
      frames = 0
      steady = 0
    }
    guard open else { return }
    frames += 1
    if missed {
      steady = 0
      return
    }
    if steady == 0 { steadyArrival = record.arrival }
    steady += 1
    guard steady == Self.steadyFrames else { return }
    open = false
    if finished.count < Self.listed {
      finished.append(
        Recovery(
          frame: firstFrame, frames: frames - steady, duration: steadyArrival - firstArrival))
    }
  }

  mutating func exchange(with archive: inout StateArchive) {
    archive.value(&count)
    archive.list(
      &finished, limit: Self.listed, blank: Recovery(frame: 0, frames: 0, duration: nil)
    ) { recovery, archive in
      archive.value(&recovery.frame)
      archive.value(&recovery.frames)
      archive.value(&recovery.duration)
    }
    archive.value(&open)
    archive.value(&firstFrame)
    archive.value(&firstArrival)
    archive.value(&frames)
    archive.value(&steady)
    archive.value(&steadyArrival)
  }

  /// Counts the disturbances of another input, in which frames count anew.
  mutating func count(_ other: RecoveryWatch) { count += other.count }

  /// The disturbances so far; one that is still open has no duration.
  var recoveries: [Recovery] {
    guard open, finished.count < Self.listed else { return finished }
    return finished + [Recovery(frame: firstFrame, frames: frames, duration: nil)]
  }
}

/// A disturbance after the warm-up: from its first miss until frames meet the deadline again.
public struct Recovery: Sendable, Equatable {
  /// The first frame that missed its deadline.
  public var frame: UInt64
  /// Frames from that one to the first of the 100 in a row that meet the deadline, which is not
  /// counted; to the end of the run where it never recovered.
  public var frames: Int
  /// Nanoseconds between the arrivals of these two frames; nil where the lane never recovered.
  public var duration: Int64?
}
