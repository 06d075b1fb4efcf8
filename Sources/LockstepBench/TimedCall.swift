/// A call whose time is measured: everything it touches is made before.
protocol TimedCall: AnyObject {
  /// Calls until the attention windows are full and every state is warm.
  var warmUpCalls: Int { get }
  /// One call. Does not allocate.
  func run()
}
