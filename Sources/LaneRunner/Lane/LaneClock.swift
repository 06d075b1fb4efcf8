import StreamCore

/// The instants of one lane, in nanoseconds since the start of the run.
///
/// On the monotonic clock an instant is what the clock says. On the virtual clock the lane is a server
/// with a schedule of arrivals: a call starts when its inputs are there and the server is free, and takes
/// as long as it was measured to take. Both are real time plus an offset; the virtual clock sets it anew
/// at each start, which leaves out all that lies between two measured calls.
package struct LaneClock {
  package let isVirtual: Bool
  private let now: () -> Int64
  private var offset: Int64
  private var last: Int64 = 0

  /// `start` is the run's first instant on the clock `now`.
  package init(isVirtual: Bool, start: Int64, now: @escaping () -> Int64) {
    self.isVirtual = isVirtual
    self.now = now
    offset = -start
  }

  /// Sets the run's first instant.
  mutating func restart(at start: Int64) { offset = -start }

  /// When the last call ended: on the virtual clock the next one begins no earlier.
  mutating func exchange(with archive: inout StateArchive) { archive.value(&last) }

  /// The start of a call whose inputs were ready at `ready`.
  mutating func begin(ready: Int64) -> Int64 {
    let instant = now()
    guard isVirtual else { return instant + offset }
    last = max(last, ready)
    offset = last - instant
    return last
  }

  /// The instant now, while a call that began is measured.
  mutating func lap() -> Int64 {
    last = now() + offset
    return last
  }
}
