import LatencyLog
import StreamIO
import Synchronization

/// Word from the capture thread to the writer: gaps and pauses of the input, and warnings for people.
///
/// Behind a lock, which the capture thread takes where one of them is due, and nowhere
/// else. It holds a bounded number of entries; beyond that the oldest stay and a count is kept.
public final class RunJournal: Sendable {
  struct GapEntry {
    var gap: Stretch
    /// Arrival of the sample before it, nanoseconds since the start of the run.
    var began: Int64
  }

  private struct Contents {
    var count = 0
    var samples: UInt64 = 0
    var gaps: [GapEntry] = []
    var warnings: [String] = []
    var unreported = 0
    var pauses = 0
    var paused: Int64 = 0
  }

  /// Entries of each kind that wait for the writer at most.
  static let limit = 4_096

  private let contents = Mutex(Contents())

  public init() {}

  /// Leaves a sentence that people should see; from any thread. The writer's thread prints it.
  public func warn(_ sentence: String) {
    contents.withLock {
      if $0.warnings.count < Self.limit { $0.warnings.append(sentence) }
    }
  }

  func add(_ gap: Stretch, began: Int64) {
    contents.withLock {
      $0.count += 1
      $0.samples += gap.length
      if $0.gaps.count < Self.limit {
        $0.gaps.append(GapEntry(gap: gap, began: began))
      } else {
        $0.unreported += 1
      }
    }
  }

  /// The gaps that were added since the last call.
  func takeGaps() -> [GapEntry] {
    contents.withLock {
      let entries = $0.gaps
      $0.gaps = []
      if $0.unreported > 0 {
        $0.warnings.append(
          "\($0.unreported) gaps are in no log and no trace: the writer was too far behind")
        $0.unreported = 0
      }
      return entries
    }
  }

  /// The warnings that were added since the last call.
  func takeWarnings() -> [String] {
    contents.withLock {
      let sentences = $0.warnings
      $0.warnings = []
      return sentences
    }
  }

  func add(_ pause: SourceClock.Pause) {
    contents.withLock {
      $0.pauses += 1
      $0.paused += pause.length
    }
  }

  /// Counts what was told of before the run went on from a snapshot.
  func goOn(gaps: StretchList, pauses: [SourceClock.Pause]) {
    contents.withLock {
      $0.count = gaps.count
      $0.samples = gaps.length
      $0.pauses = pauses.count
      $0.paused = pauses.reduce(0) { $0 + $1.length }
    }
  }

  /// All gaps so far and the samples in them.
  var gaps: (count: Int, samples: UInt64) { contents.withLock { ($0.count, $0.samples) } }

  /// All pauses so far and the nanoseconds in them.
  var pauses: (count: Int, time: Int64) { contents.withLock { ($0.pauses, $0.paused) } }
}
