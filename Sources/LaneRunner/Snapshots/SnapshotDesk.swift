import Synchronization

/// Where the reader of a run on several threads says at which sample the next snapshot is due, and the writer that
/// it is written.
final class SnapshotDesk: Sendable {
  /// A snapshot that is due.
  struct Mark: Sendable {
    /// Samples of the input before it.
    var position: UInt64
    /// What it has of the source's reader.
    var reader: [UInt8]
  }

  /// Samples from one to the next.
  let interval: UInt64
  private let due = Mutex<Mark?>(nil)

  init(interval: UInt64) { self.interval = interval }

  /// The reader's, before it gives the lanes their marks.
  func mark(at position: UInt64, reader: [UInt8]) {
    due.withLock { $0 = Mark(position: position, reader: reader) }
  }

  /// The one that is due; nil where there is none.
  var pending: Mark? { due.withLock { $0 } }

  var isPending: Bool { due.withLock { $0 != nil } }

  /// The writer's: it is written, or given up.
  func clear() { due.withLock { $0 = nil } }
}
