import StreamCore

/// A call whose time is measured: everything it touches is made before.
protocol TimedCall: AnyObject {
  /// Calls until the attention windows are full and every state is warm.
  var warmUpCalls: Int { get }
  /// One call. Does not allocate.
  func run()
}

extension StreamingModel {
  /// Calls until the windows of attention are full, and caches and clocks have settled.
  func warmUpCalls(framesPerCall: Int) -> Int {
    settlingFrames > 0 ? settlingFrames / framesPerCall + 1 : 100
  }
}
