import StreamCore
import StreamIO

/// All that a lane changes while it runs, in one place.
struct LaneState {
  /// One front end a stream.
  let frontEnds: [ProcessorBox]
  /// One a stream; none where the source has the model's rate.
  let resamplers: [ProcessorBox]
  /// The model's streams, in batches that share a call.
  let models: [ProcessorBox]
  /// Frames that have entered the model and wait for their output.
  var waiting: [WaitingFrame] = []
  /// The next frame to complete.
  var nextFrame: UInt64 = 0
  /// Source position of the next sample.
  var position: UInt64 = 0
  /// Samples at the model's rate that the front ends have got.
  var modelPosition: UInt64 = 0
  /// When the newest sample arrived.
  var newestArrival: Int64 = 0
  /// When the read returned that brought it, of a live source.
  var newestRead: Int64?
  /// Where it lies on the clock of the input's stamps; nil without stamps.
  var newestPoint: GridPoint?
  var books = LaneBooks()
  /// Whether the last chunk was skipped.
  var isDropping = false
  /// Frames of the present chunk that are still to be skipped.
  var droppingFrames = 0
  /// How long the last model call with outputs took, nanoseconds.
  var lastModelCall: Int64 = 0
  /// Frames since the lane last measured its model's state.
  var framesSinceMeasuring = 0

  /// Begins anew at a frame, which begins with a sample of the model's rate.
  mutating func reset(at frame: UInt64, modelPosition: UInt64, position: UInt64) {
    for resampler in resamplers { resampler.resetAll(at: modelPosition) }
    for frontEnd in frontEnds { frontEnd.resetAll(at: modelPosition) }
    for model in models { model.resetAll(at: frame) }
    droppingFrames = 0
    self.position = position
    self.modelPosition = modelPosition
    nextFrame = frame
  }
}

extension LaneState {
  /// All of it, for a snapshot; at most so many frames wait. Saving does not allocate.
  mutating func exchange(with archive: inout StateArchive, waitingLimit: Int) {
    for box in frontEnds { box.exchange(with: &archive) }
    for box in resamplers { box.exchange(with: &archive) }
    for box in models { box.exchange(with: &archive) }
    var count = waiting.count
    archive.value(&count)
    archive.check(count >= 0 && count <= waitingLimit)
    if archive.isDamaged { return }
    if archive.isRestoring {
      waiting.removeAll(keepingCapacity: true)
      for _ in 0..<count { waiting.append(.blank) }
    }
    for index in waiting.indices { waiting[index].exchange(with: &archive) }
    archive.value(&nextFrame)
    archive.value(&position)
    archive.value(&modelPosition)
    archive.value(&newestArrival)
    archive.value(&newestRead)
    archive.value(&newestPoint)
    books.exchange(with: &archive)
    archive.value(&isDropping)
    archive.value(&droppingFrames)
    archive.value(&lastModelCall)
    archive.value(&framesSinceMeasuring)
  }
}

extension StateArchive {
  /// A place on the clock of the input's stamps, if there is one.
  mutating func value(_ point: inout GridPoint?) {
    var time = point?.time
    var period = point?.period
    value(&time)
    value(&period)
    guard let time, let period else {
      point = nil
      return
    }
    // No rate is so low that a sample takes a year.
    check((0...3e16).contains(period))
    point = GridPoint(time: time, period: period)
  }
}

/// A processor with a place in an array, which cannot hold noncopyable values.
package final class ProcessorBox {
  var processor: AnyFrameProcessor
  package let streamCount: Int
  /// Which of its lane's streams is its first one.
  let firstStream: Int

  package init(_ processor: consuming AnyFrameProcessor, firstStream: Int = 0) {
    streamCount = processor.streamCount
    self.firstStream = firstStream
    self.processor = processor
  }

  /// Processors for `streams` streams of a model in batches of at most `batch`.
  package static func batches(
    of model: any StreamingModel, streams: Int, batch: Int
  ) -> [ProcessorBox] {
    stride(from: 0, to: streams, by: batch).map { first in
      ProcessorBox(model.makeStreams(count: min(batch, streams - first)), firstStream: first)
    }
  }

  func resetAll(at position: UInt64) {
    for stream in 0..<streamCount { processor.reset(stream: stream, at: position) }
  }

  func exchange(with archive: inout StateArchive) {
    for stream in 0..<streamCount { processor.exchange(stream: stream, with: &archive) }
  }

  /// One call on raw buffers of so many values; returns the frames written.
  @unsafe package func run(
    _ input: UnsafePointer<Float>, count: Int, into output: UnsafeMutablePointer<Float>,
    capacity: Int
  ) -> Int {
    let frames = unsafe Span(_unsafeStart: input, count: count)
    var room = unsafe MutableSpan(_unsafeStart: output, count: capacity)
    return processor.process(frames, into: &room)
  }

  /// The processor's last frames; returns how many.
  @unsafe func finish(into output: UnsafeMutablePointer<Float>, capacity: Int) -> Int {
    var room = unsafe MutableSpan(_unsafeStart: output, count: capacity)
    return processor.finish(into: &room)
  }
}

/// A frame that has entered the model and waits for its output.
struct WaitingFrame: BitwiseCopyable {
  var frame: UInt64
  var position: UInt64
  var arrival: Int64
  var frontEndStart: Int64
  var frontEndEnd: Int64
  var clockAdjusted: Bool
  var delivery: Int64?
  /// The end of its last sample in seconds, on the input's own clock.
  var time: Double
}

extension WaitingFrame {
  static let blank = WaitingFrame(
    frame: 0, position: 0, arrival: 0, frontEndStart: 0, frontEndEnd: 0, clockAdjusted: false,
    time: 0)
  /// Bytes in a snapshot: a word for each value, and whether there is a delivery.
  static let savedByteCount = 9 * 8

  mutating func exchange(with archive: inout StateArchive) {
    archive.value(&frame)
    archive.value(&position)
    archive.value(&arrival)
    archive.value(&frontEndStart)
    archive.value(&frontEndEnd)
    archive.value(&clockAdjusted)
    archive.value(&delivery)
    archive.value(&time)
    archive.check(time.isFinite && arrival > -1 << 60 && frontEndEnd < 1 << 60)
    archive.check(arrival <= frontEndStart && frontEndStart <= frontEndEnd)
  }
}

/// Where a lane's received samples went, and what the lane's calls took. Samples are those of one stream.
struct LaneBooks {
  /// Received samples that no frame has ended after yet.
  var open: UInt64 = 0
  /// Received samples up to the last frame.
  private(set) var consumed: UInt64 = 0
  /// Received samples that never became part of a frame's end: of the input, or before a long gap.
  private(set) var tail: UInt64 = 0
  /// Received samples of frames that were dropped.
  private(set) var dropped: UInt64 = 0
  /// Received samples that this lane lost because it was too far behind.
  var overrun: UInt64 = 0
  /// All computing time, nanoseconds.
  var computing: Int64 = 0
  /// Model calls that gave outputs, but for those of a flush.
  var calls = 0
  /// Heap allocations from taking samples to committing outputs, where they are counted.
  var allocations = 0

  mutating func closeFrame() {
    consumed += open
    open = 0
  }

  mutating func dropFrame() {
    dropped += open
    open = 0
  }

  mutating func closeTail() {
    tail += open
    open = 0
  }

  mutating func exchange(with archive: inout StateArchive) {
    archive.value(&open)
    archive.value(&consumed)
    archive.value(&tail)
    archive.value(&dropped)
    archive.value(&overrun)
    archive.value(&computing)
    archive.value(&calls)
    archive.value(&allocations)
  }
}
