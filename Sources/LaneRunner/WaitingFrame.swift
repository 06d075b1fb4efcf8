/// A frame that has entered the model and waits for its output.
struct WaitingFrame: BitwiseCopyable {
  var frame: UInt64
  var position: UInt64
  var arrival: Int64
  var frontEndStart: Int64
  var frontEndEnd: Int64
  var clockAdjusted: Bool
}
