import LatencyLog
import StreamCore

/// Front end, model stream and output: what somebody would deploy, driven with blocks of samples.
///
/// Owned by one thread at a time. Everything is allocated by `init`; from taking a frame's samples to
/// committing its output a lane allocates nothing, takes no lock, and only reads the clock.
final class Lane: @unchecked Sendable {
  let description: LaneDescription
  let grid: FrameGrid
  let results: ResultRing

  let index: Int
  /// Nil where the source has the model's rate.
  let resampler: LaneResampler?
  var frontEnd: AnyFrameProcessor
  var model: AnyFrameProcessor
  var clock: LaneClock
  let mixer: ChannelMixer
  let buffers: LaneBuffers
  var waiting: [WaitingFrame] = []
  /// The next frame to complete.
  var nextFrame: UInt64 = 0
  /// Source position of the next sample.
  var position: UInt64 = 0
  /// Samples at the model's rate that the front end has got.
  var modelPosition: UInt64 = 0
  /// When the newest sample arrived.
  var newestArrival: Int64 = 0
  var books = LaneBooks()
  let latePolicy: LatePolicy
  /// Whether the last chunk was skipped.
  var isDropping = false
  /// Frames of the present chunk that are still to be skipped.
  var droppingFrames = 0
  /// How long the last model call with outputs took, nanoseconds.
  var lastModelCall: Int64 = 0

  /// - Parameters:
  ///   - frontEnd, model: the processors, made for one stream each.
  ///   - grid: where the frames lie.
  ///   - ringCapacity: records that the writer may be behind.
  init(
    index: Int, description: LaneDescription, grid: FrameGrid, mixer: ChannelMixer,
    frontEnd: consuming AnyFrameProcessor, model: consuming AnyFrameProcessor,
    clock: LaneClock, latePolicy: LatePolicy = .catchUp, ringCapacity: Int
  ) {
    self.index = index
    self.description = description
    self.grid = grid
    self.mixer = mixer
    self.clock = clock
    self.latePolicy = latePolicy
    let chunk = Int(grid.chunkSize)
    buffers = LaneBuffers(
      mixer: mixer, frameSize: model.inputSize, outputSize: model.outputSize, chunkSize: chunk)
    results = ResultRing(capacity: ringCapacity, outputSize: model.outputSize)
    waiting.reserveCapacity(chunk)
    resampler = grid.resampler.map(LaneResampler.init)
    self.frontEnd = frontEnd
    self.model = model
  }

  /// Runs front end and model once on silence and forgets it, so that the first frame finds its pages
  /// and its code in memory.
  func rehearse() {
    let silent = min(Int(grid.window), LaneBuffers.callSamples)
    _ = unsafe LaneBuffers.run(
      &frontEnd, buffers.silence, count: silent * mixer.outputChannels, into: buffers.frame,
      capacity: buffers.frameSize)
    for _ in 0..<grid.chunkSize {
      _ = unsafe LaneBuffers.run(
        &model, buffers.frame, count: buffers.frameSize, into: buffers.output,
        capacity: buffers.outputCapacity)
    }
    frontEnd.reset(stream: 0, at: 0)
    model.reset(stream: 0, at: 0)
  }

  /// Takes the samples of a block `[count, channels]`, or a part of it that begins at `position`.
  @unsafe func consume(_ samples: UnsafePointer<Float>, count: Int, of block: SampleBlock) {
    var offset = 0
    while offset < count {
      // After a flush of the resampler a frame may have come before its end.
      let due = Int(max(grid.end(ofFrame: nextFrame), position + 1) - position)
      // One frame per call at most: the samples up to the next frame's last one.
      let part = min(due, count - offset, LaneBuffers.callSamples)
      unsafe push(
        samples + offset * mixer.inputChannels, count: part, received: true,
        arrival: block.arrival(of: position + UInt64(part) - 1))
      offset += part
    }
  }

  /// Gives the front end source samples that complete one frame at most.
  @unsafe func push(
    _ samples: UnsafePointer<Float>, count: Int, received: Bool, arrival: Int64
  ) {
    newestArrival = arrival
    position += UInt64(count)
    if received { books.open += UInt64(count) }
    let start = clock.begin(ready: arrival)
    let mixed = unsafe mixer.mix(samples, count: count, into: buffers.mixed)
    guard let resampler else {
      return unsafe enter(
        mixed, count: count * mixer.outputChannels, start: start, arrival: arrival)
    }
    let resampled = unsafe resampler.process(mixed, count: count)
    unsafe enter(resampler.output, count: resampled, start: start, arrival: arrival)
  }

  /// Gives the front end values at the model's rate; a call began at `start`.
  @unsafe func enter(
    _ values: UnsafePointer<Float>, count: Int, start: Int64, arrival: Int64
  ) {
    let channels = mixer.outputChannels
    var start = start
    var offset = 0
    // More than one turn only where one source sample yields several of the model's.
    repeat {
      let due = Int(grid.modelEnd(ofFrame: nextFrame) - modelPosition) * channels
      let part = min(due, count - offset)
      let frames = unsafe LaneBuffers.run(
        &frontEnd, values + offset, count: part, into: buffers.frame,
        capacity: buffers.frameSize)
      modelPosition += UInt64(part / channels)
      offset += part
      let end = clock.lap()
      books.computing += end - start
      start = frames > 0 ? unsafe complete(start: start, end: end, arrival: arrival) : end
    } while offset < count
  }

  /// Gives a completed frame to the model; returns the instant at which its results are out.
  @unsafe private func complete(start: Int64, end: Int64, arrival: Int64) -> Int64 {
    let adjusted = arrival > start
    let frame = WaitingFrame(
      frame: nextFrame, position: position - 1, arrival: adjusted ? start : arrival,
      frontEndStart: start, frontEndEnd: end, clockAdjusted: adjusted)
    nextFrame += 1
    beginChunk(frame, at: end)
    guard droppingFrames == 0 else {
      unsafe drop(frame)
      return clock.lap()
    }
    waiting.append(frame)
    books.closeFrame()
    let outputs = unsafe LaneBuffers.run(
      &model, buffers.frame, count: buffers.frameSize, into: buffers.output,
      capacity: buffers.outputCapacity)
    let done = clock.lap()
    books.computing += done - end
    if outputs > 0 { lastModelCall = done - end }
    unsafe emit(outputs, modelStart: end, modelEnd: done)
    return outputs > 0 ? clock.lap() : done
  }

  /// Commits the outputs of one model call: those of the frames that waited longest.
  @unsafe func emit(_ count: Int, modelStart: Int64, modelEnd: Int64) {
    guard count > 0 else { return }
    for i in 0..<count {
      let frame = waiting[i]
      let record = FrameRecord(
        lane: index, frame: frame.frame, position: frame.position, arrival: frame.arrival,
        frontEndStart: frame.frontEndStart, frontEndEnd: frame.frontEndEnd,
        modelStart: modelStart, modelEnd: modelEnd, emission: modelEnd,
        endsCall: i == count - 1, clockAdjusted: frame.clockAdjusted)
      unsafe results.commit(
        record, output: buffers.output + i * results.outputSize, clock: &clock)
    }
    waiting.removeFirst(count)
  }

  /// Releases what waits for more: the resampler's look-ahead, then the last, shorter chunk.
  func flush(at instant: Int64) {
    if let resampler {
      let start = clock.begin(ready: instant)
      let resampled = resampler.finish()
      unsafe enter(resampler.output, count: resampled, start: start, arrival: newestArrival)
    }
    guard !waiting.isEmpty else { return }
    droppingFrames = 0
    let start = clock.begin(ready: instant)
    let outputs = unsafe LaneBuffers.finish(
      &model, into: buffers.output, capacity: buffers.outputCapacity)
    let end = clock.lap()
    books.computing += end - start
    unsafe emit(outputs, modelStart: start, modelEnd: end)
  }

  /// The end of the input, which became known at `instant`.
  func finish(at instant: Int64) {
    flush(at: max(instant, newestArrival))
    books.closeTail()
    results.close()
  }

  /// The lane's own totals, for the summary.
  var totals: LaneTotals {
    LaneTotals(
      consumed: books.consumed, dropped: books.dropped, tail: books.tail, overrun: books.overrun,
      computing: books.computing, lostRecords: UInt64(results.lost))
  }
}
