import Synchronization

/// The input's gaps so far, for people who watch from another thread.
final class GapCounts: Sendable {
  private let count = Atomic<Int>(0)
  private let samples = Atomic<UInt64>(0)

  func add(_ length: UInt64) {
    count.add(1, ordering: .relaxed)
    samples.add(length, ordering: .relaxed)
  }

  func load() -> (count: Int, samples: UInt64) {
    (count.load(ordering: .relaxed), samples.load(ordering: .relaxed))
  }
}
