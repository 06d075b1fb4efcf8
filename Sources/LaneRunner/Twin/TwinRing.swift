import StreamCore
import Synchronization

/// What a lane's model takes and gives, on its way to the lane's twin: one producer, one consumer,
/// no lock.
///
/// All places are allocated and touched by `init`. The producer never waits: a frame that finds no
/// place is counted as lost.
@safe final class TwinRing: @unchecked Sendable {
  /// What a place holds.
  struct Entry: BitwiseCopyable {
    /// Whether the values are the lane's output of the frame, or what its model took.
    var isOutput: Bool
    var frame: UInt64
  }

  let capacity: Int
  /// Values that a place has room for.
  private let size: Int
  @unsafe private let entries: UnsafeMutablePointer<Entry>
  private let values: FloatBuffer
  private let taken = Atomic<Int>(0)
  private let given = Atomic<Int>(0)
  private let lostCount = Atomic<Int>(0)
  private let closed = Atomic<Bool>(false)

  /// `capacity` places of `size` values.
  init(capacity: Int, size: Int) {
    self.capacity = capacity
    self.size = size
    unsafe entries = .allocate(capacity: capacity)
    unsafe entries.initialize(repeating: Entry(isOutput: false, frame: 0), count: capacity)
    values = FloatBuffer(count: capacity * size)
  }

  deinit { unsafe entries.deallocate() }

  /// Places that wait for the consumer.
  var waitingCount: Int {
    given.load(ordering: .acquiring) - taken.load(ordering: .acquiring)
  }

  /// The producer's: whether so many places are free; where they are not, a frame is lost.
  func hasRoom(for count: Int) -> Bool {
    if count <= capacity - waitingCount { return true }
    lostCount.add(1, ordering: .relaxed)
    return false
  }

  /// The producer's: fills a place that is free.
  @unsafe func give(_ entry: Entry, _ source: UnsafePointer<Float>, count: Int) {
    let index = given.load(ordering: .relaxed)
    let place = index % capacity
    unsafe entries[place] = entry
    unsafe (values.base + place * size).update(from: source, count: count)
    given.store(index + 1, ordering: .releasing)
  }

  /// The producer's: nothing more will come.
  func close() { closed.store(true, ordering: .releasing) }

  /// Whether nothing will come that is not there yet.
  var isClosed: Bool { closed.load(ordering: .acquiring) }

  /// Frames that found no place.
  var lost: Int { lostCount.load(ordering: .relaxed) }

  /// The consumer's: gives the oldest place to `body`, then frees it; false where there is none.
  func take(_ body: (Entry, UnsafePointer<Float>) -> Void) -> Bool {
    let index = taken.load(ordering: .relaxed)
    guard index < given.load(ordering: .acquiring) else { return false }
    let place = index % capacity
    unsafe body(entries[place], UnsafePointer(values.base + place * size))
    taken.store(index + 1, ordering: .releasing)
    return true
  }
}
