/// Processors of one stream each, side by side as the streams of one processor.
final class SeparateStreamsBox: FrameProcessorBox {
  private let streams: [FrameProcessorBox]
  /// What one stream gave for one frame, `[chunkSize, outputSize]`.
  private var released: [Float]

  init(_ streams: [FrameProcessorBox]) {
    for stream in streams {
      precondition(stream.streamCount == 1, "separate streams hold one stream each")
    }
    self.streams = streams
    released = Array(repeating: 0, count: streams[0].chunkSize * streams[0].outputSize)
  }

  override var inputSize: Int { streams[0].inputSize }
  override var outputSize: Int { streams[0].outputSize }
  override var streamCount: Int { streams.count }
  override var chunkSize: Int { streams[0].chunkSize }
  override var algorithmicLatency: Int { streams[0].algorithmicLatency }
  override var stateNorm: Double? { streams[0].stateNorm }
  override var cacheFill: Double? { streams[0].cacheFill }

  override func process(_ frames: Span<Float>, into output: inout MutableSpan<Float>) -> Int {
    let count = frames.count / (streamCount * inputSize)
    precondition(
      frames.count == count * streamCount * inputSize,
      "frames must be [frames, streams, inputSize]")
    var written = 0
    for frame in 0..<count {
      var ready = 0
      for (index, stream) in streams.enumerated() {
        let start = (frame * streamCount + index) * inputSize
        var room = released.mutableSpan
        let count = stream.process(
          frames.extracting(start..<start + inputSize), into: &room)
        deliver(count, of: index, after: written, expected: index == 0 ? count : ready, to: &output)
        ready = count
      }
      written += ready
    }
    return written
  }

  override func process(
    _ frames: Span<Float>, streams listed: Span<Int>, into output: inout MutableSpan<Float>,
    counts: inout MutableSpan<Int>
  ) {
    precondition(
      frames.count == listed.count * inputSize && counts.count >= listed.count,
      "frames must be [streams, inputSize], with a count for each")
    precondition(
      output.count >= listed.count * released.count, "no room for the output frames")
    var previous = -1
    for place in listed.indices {
      let index = listed[place]
      precondition(index > previous && index < streamCount, "streams must be ascending")
      previous = index
      var room = released.mutableSpan
      let count = streams[index].process(
        frames.extracting(place * inputSize..<(place + 1) * inputSize), into: &room)
      for value in 0..<count * outputSize {
        output[place * released.count + value] = released[value]
      }
      counts[place] = count
    }
  }

  override func outputCapacity(forFrames count: Int) -> Int {
    streams.reduce(0) { max($0, $1.outputCapacity(forFrames: count)) }
  }

  override func finish(into output: inout MutableSpan<Float>) -> Int {
    var ready = 0
    for (index, stream) in streams.enumerated() {
      var room = released.mutableSpan
      let count = stream.finish(into: &room)
      deliver(count, of: index, after: 0, expected: index == 0 ? count : ready, to: &output)
      ready = count
    }
    return ready
  }

  override func finish(stream: Int, into output: inout MutableSpan<Float>) -> Int {
    streams[stream].finish(into: &output)
  }

  override func advance(frames: Int, stream: Int) {
    streams[stream].advance(frames: frames, stream: 0)
  }

  override func reset(stream: Int, at position: UInt64) {
    streams[stream].reset(stream: 0, at: position)
  }

  /// Puts what a stream gave into `[frames, streams, outputSize]`, `written` frames from the start.
  private func deliver(
    _ count: Int, of stream: Int, after written: Int, expected: Int,
    to output: inout MutableSpan<Float>
  ) {
    precondition(count == expected, "all streams must be at one place of their chunk")
    precondition(
      output.count >= (written + count) * streamCount * outputSize,
      "no room for the output frames")
    for frame in 0..<count {
      let start = ((written + frame) * streamCount + stream) * outputSize
      for value in 0..<outputSize {
        output[start + value] = released[frame * outputSize + value]
      }
    }
  }
}
