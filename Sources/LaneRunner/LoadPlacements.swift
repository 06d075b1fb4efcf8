import Synchronization

/// How each lane's thread was placed, as the threads report it.
final class LoadPlacements: Sendable {
  private let placements: Mutex<[LoadPlacement]>

  init(count: Int) { placements = Mutex(Array(repeating: LoadPlacement(), count: count)) }

  /// Valid once the threads have ended.
  var values: [LoadPlacement] { placements.withLock { $0 } }

  func set(_ placement: LoadPlacement, lane: Int) {
    placements.withLock { $0[lane] = placement }
  }
}
