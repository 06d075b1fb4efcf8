import CLinux

/// Which core a thread of a controlled load runs on.
enum LoadCore {
  /// Binds the calling thread to a core of its own among the process's, the last one first; returns the
  /// core, or nil where there are not enough of them or binding is not allowed.
  static func bind(lane: Int) -> Int? {
    var count: Int32 = 0
    while clinux_allowed_core(count) >= 0 { count += 1 }
    guard lane < count else { return nil }
    let core = clinux_allowed_core(count - 1 - Int32(lane))
    return clinux_bind_thread(core) == 0 ? Int(core) : nil
  }
}
