import LatencyLog
import Synchronization

/// The input's gaps on their way from the capture thread to the writer, and to people who watch.
///
/// Behind a lock, which the capture thread takes where samples were lost and nowhere else.
final class GapJournal: Sendable {
  struct Entry {
    var gap: InputGap
    /// Arrival of the sample before it, nanoseconds since the start of the run.
    var began: Int64
  }

  private struct Contents {
    var count = 0
    var samples: UInt64 = 0
    var unread: [Entry] = []
  }

  private let contents = Mutex(Contents())

  func add(_ gap: InputGap, began: Int64) {
    contents.withLock {
      $0.count += 1
      $0.samples += gap.length
      $0.unread.append(Entry(gap: gap, began: began))
    }
  }

  /// What was added since the last call.
  func takeUnread() -> [Entry] {
    contents.withLock {
      let entries = $0.unread
      $0.unread = []
      return entries
    }
  }

  /// All gaps so far and the samples in them.
  var totals: (count: Int, samples: UInt64) { contents.withLock { ($0.count, $0.samples) } }
}
