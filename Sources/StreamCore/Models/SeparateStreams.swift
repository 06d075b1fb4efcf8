/// Processors of one stream each, side by side as the streams of one processor.
final class SeparateStreams<Stream: FrameProcessor & AnyObject>: FrameProcessor {
  private var streams: [Stream]
  /// What one stream gave for one more frame, or at the end of its input.
  private var released: [Float]

  init(_ streams: [Stream]) {
    precondition(
      streams.allSatisfy { $0.streamCount == 1 }, "separate streams hold one stream each")
    self.streams = streams
    let most = max(streams[0].chunkSize, streams[0].algorithmicLatency + 1)
    released = Array(repeating: 0, count: most * streams[0].outputSize)
  }

  var inputSize: Int { streams[0].inputSize }
  var outputSize: Int { streams[0].outputSize }
  var streamCount: Int { streams.count }
  var chunkSize: Int { streams[0].chunkSize }
  var algorithmicLatency: Int { streams[0].algorithmicLatency }
  var stateNorm: Double? { streams[0].stateNorm }
  var cacheFill: Double? { streams[0].cacheFill }

  func process(_ frames: Span<Float>, into output: inout MutableSpan<Float>) -> Int {
    var written = 0
    for frame in 0..<frameCount(of: frames) {
      written += collect(into: &output, after: written) { index, room in
        let start = (frame * streamCount + index) * inputSize
        return streams[index].process(
          frames.extracting(start..<start + inputSize), into: &room)
      }
    }
    return written
  }

  func process(
    _ frames: Span<Float>, streams listed: Span<Int>, into output: inout MutableSpan<Float>,
    counts: inout MutableSpan<Int>
  ) {
    checkList(listed, frames: frames, outputCount: output.count, countCount: counts.count)
    for place in listed.indices {
      var room = released.mutableSpan
      counts[place] = streams[listed[place]].process(
        frames.extracting(place * inputSize..<(place + 1) * inputSize), into: &room)
      for value in 0..<counts[place] * outputSize {
        output[place * released.count + value] = released[value]
      }
    }
  }

  func outputCapacity(forFrames count: Int) -> Int {
    streams.reduce(0) { max($0, $1.outputCapacity(forFrames: count)) }
  }

  func waitingFrames(stream: Int) -> Int? { streams[stream].waitingFrames(stream: 0) }

  func finish(into output: inout MutableSpan<Float>) -> Int {
    collect(into: &output, after: 0) { streams[$0].finish(into: &$1) }
  }

  func finish(stream: Int, into output: inout MutableSpan<Float>) -> Int {
    streams[stream].finish(into: &output)
  }

  func advance(frames: Int, stream: Int) { streams[stream].advance(frames: frames, stream: 0) }

  func reset(stream: Int, at position: UInt64) { streams[stream].reset(stream: 0, at: position) }

  func exchange(stream: Int, with archive: inout StateArchive) {
    streams[stream].exchange(stream: 0, with: &archive)
  }

  /// Calls every stream and puts what they gave into `[frames, streams, outputSize]`, `written` frames
  /// from the start; returns the frames of each.
  private func collect(
    into output: inout MutableSpan<Float>, after written: Int,
    _ call: (_ stream: Int, _ room: inout MutableSpan<Float>) -> Int
  ) -> Int {
    var ready = 0
    for stream in streams.indices {
      var room = released.mutableSpan
      let count = call(stream, &room)
      precondition(stream == 0 || count == ready, "all streams must be at one place of their chunk")
      ready = count
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
    return ready
  }
}
