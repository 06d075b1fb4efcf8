import Synchronization

/// The core that each lane's thread was bound to, as the threads report them.
final class LoadCores: Sendable {
  private let cores: Mutex<[Int?]>

  init(count: Int) { cores = Mutex(Array(repeating: nil, count: count)) }

  /// Valid once the threads have ended.
  var values: [Int?] { cores.withLock { $0 } }

  subscript(lane: Int) -> Int? {
    get { cores.withLock { $0[lane] } }
    set { cores.withLock { $0[lane] = newValue } }
  }
}
