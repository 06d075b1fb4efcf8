import StreamCore

/// Drives a processor over `[frames, streams, inputSize]` values in calls of the given sizes (the last
/// one repeated), finish included.
func outputs(
  of processor: consuming some FrameProcessor & ~Copyable, for frames: [Float],
  callSizes: [Int] = [1], start: UInt64 = 0
) -> [Float] {
  let frameSize = processor.inputSize * processor.streamCount
  let count = frames.count / frameSize
  let outputFrameSize = processor.outputSize * processor.streamCount
  if start > 0 {
    for stream in 0..<processor.streamCount { processor.reset(stream: stream, at: start) }
  }
  var results: [Float] = []
  var position = 0
  var call = 0
  while position < count {
    let size = min(callSizes[min(call, callSizes.count - 1)], count - position)
    call += 1
    let part = Array(frames[position * frameSize..<(position + size) * frameSize])
    var room = [Float](
      repeating: .nan, count: processor.outputCapacity(forFrames: size) * outputFrameSize)
    var span = room.mutableSpan
    let written = processor.process(part.span, into: &span)
    results += room[..<(written * outputFrameSize)]
    position += size
  }
  var room = [Float](
    repeating: .nan, count: processor.outputCapacity(forFrames: 0) * outputFrameSize)
  var span = room.mutableSpan
  let written = processor.finish(into: &span)
  return results + room[..<(written * outputFrameSize)]
}
