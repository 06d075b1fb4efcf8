import LatencyLog
import StreamCore
import Synchronization

/// A lane's outputs and records on their way to the writer: one producer, one consumer, no lock.
///
/// All places are allocated and touched by `init`. The producer never waits: what finds no place is counted as lost.
@safe package final class ResultRing: @unchecked Sendable {
  package let capacity: Int
  package let outputSize: Int
  @unsafe private let records: UnsafeMutablePointer<FrameRecord>
  private let outputs: FloatBuffer
  /// Records taken by the consumer so far.
  private let taken = Atomic<Int>(0)
  /// Records committed by the producer so far.
  private let committed = Atomic<Int>(0)
  private let lostCount = Atomic<Int>(0)
  private let closed = Atomic<Bool>(false)
  /// Records that may be taken before a snapshot is written: those of before it. The largest number but then.
  private let limit = Atomic<Int>(.max)
  /// The lane's last figures of its model's state, as bits of a Double; NaN for none.
  private let stateNormBits = Atomic<UInt64>(Double.nan.bitPattern)
  private let cacheFillBits = Atomic<UInt64>(Double.nan.bitPattern)

  package init(capacity: Int, outputSize: Int) {
    self.capacity = capacity
    self.outputSize = outputSize
    unsafe records = .allocate(capacity: capacity)
    unsafe records.initialize(repeating: .blank, count: capacity)
    outputs = FloatBuffer(count: capacity * outputSize)
  }

  deinit { unsafe records.deallocate() }

  /// Commits a frame's output and record; the record's emission is the instant of the commit, but for a
  /// dropped frame, whose last instant is that of the decision.
  /// Does not allocate, wait, or make a system call but the clock's.
  @unsafe func commit(
    _ record: FrameRecord, output: UnsafePointer<Float>, clock: inout LaneClock
  ) {
    let index = committed.load(ordering: .relaxed)
    guard index - taken.load(ordering: .acquiring) < capacity else {
      lostCount.add(1, ordering: .relaxed)
      _ = clock.lap()
      return
    }
    let place = index % capacity
    unsafe (outputs.base + place * outputSize).update(from: output, count: outputSize)
    var stamped = record
    if !record.dropped { stamped.emission = clock.lap() }
    unsafe records[place] = stamped
    committed.store(index + 1, ordering: .releasing)
  }

  /// Leaves figures of the model's state for the drift monitor.
  func noteState(norm: Double?, cacheFill: Double?) {
    stateNormBits.store((norm ?? .nan).bitPattern, ordering: .relaxed)
    cacheFillBits.store((cacheFill ?? .nan).bitPattern, ordering: .relaxed)
  }

  var stateNorm: Double? { Self.number(stateNormBits.load(ordering: .relaxed)) }
  var cacheFill: Double? { Self.number(cacheFillBits.load(ordering: .relaxed)) }

  private static func number(_ bits: UInt64) -> Double? {
    let value = Double(bitPattern: bits)
    return value.isNaN ? nil : value
  }

  /// Says that nothing more will come.
  func close() { closed.store(true, ordering: .releasing) }

  package var isClosed: Bool { closed.load(ordering: .acquiring) }

  /// Records that wait for the writer.
  var waitingCount: Int {
    committed.load(ordering: .acquiring) - taken.load(ordering: .acquiring)
  }

  /// Records that found no place.
  package var lost: Int { lostCount.load(ordering: .relaxed) }

  /// The oldest record that was not taken yet.
  package var first: FrameRecord? {
    let index = taken.load(ordering: .relaxed)
    // Committed ones first: what was committed after the mark is seen with the mark.
    guard index < committed.load(ordering: .acquiring), index < limit.load(ordering: .relaxed)
    else { return nil }
    return unsafe records[index % capacity]
  }

  /// Takes the oldest record's place back after `body` has read its output `[outputSize]`.
  package func take(_ body: (UnsafeBufferPointer<Float>) -> Void) {
    let index = taken.load(ordering: .relaxed)
    let start = unsafe outputs.base + index % capacity * outputSize
    unsafe body(UnsafeBufferPointer(start: start, count: outputSize))
    taken.store(index + 1, ordering: .releasing)
  }
}

/// The place of a snapshot among the records.
extension ResultRing {
  /// The lane's: what it commits from here on comes after the snapshot, and waits until that is written.
  func mark() { limit.store(committed.load(ordering: .relaxed), ordering: .releasing) }

  /// The writer's: whether the lane has come to the snapshot that is due.
  var isMarked: Bool { limit.load(ordering: .acquiring) != .max }

  /// The writer's: the snapshot is written.
  func release() { limit.store(.max, ordering: .relaxed) }

  /// The writer's: the records before the mark that wait for those of other lanes, and what else the lane
  /// left here. Restored into the ring of `lane`, which was never used, and which has come to `nextFrame`.
  func exchange(with archive: inout StateArchive, lane: Int, nextFrame: UInt64) {
    var lost = lost
    var norm = stateNormBits.load(ordering: .relaxed)
    var fill = cacheFillBits.load(ordering: .relaxed)
    archive.value(&lost)
    archive.check(lost >= 0)
    archive.bits(&norm)
    archive.bits(&fill)
    let first = taken.load(ordering: .relaxed)
    var count =
      min(committed.load(ordering: .acquiring), limit.load(ordering: .relaxed)) - first
    archive.value(&count)
    archive.check(count >= 0 && count <= capacity)
    guard !archive.isDamaged else { return }
    var previous: UInt64?
    for index in first..<first + count {
      unsafe records[index % capacity].exchange(with: &archive)
      let record = unsafe records[index % capacity]
      archive.check(record.lane == lane && record.frame < nextFrame)
      archive.check(previous.map { $0 < record.frame } ?? true)
      previous = record.frame
      unsafe archive.memory(outputs.base + index % capacity * outputSize, count: outputSize)
    }
    guard archive.isRestoring, !archive.isDamaged else { return }
    lostCount.store(lost, ordering: .relaxed)
    stateNormBits.store(norm, ordering: .relaxed)
    cacheFillBits.store(fill, ordering: .relaxed)
    committed.store(first + count, ordering: .releasing)
  }
}
