import LatencyLog
import StreamCore

/// Many streams of one model on one core: at every arrival each of them gets a frame's samples.
///
/// Owned by one thread at a time. Everything is allocated by `init`; a step allocates nothing, takes no
/// lock, and only reads the clock.
@safe final class LoadLane: @unchecked Sendable {
  let description: LaneDescription
  let batching: MeasureBatching
  let streams: Int
  /// Frames of each stream, warm-up included.
  let frames: Int
  /// Outputs `[streams, outputSize]` and records, one a frame period.
  let results: ResultRing
  var clock: LaneClock
  /// The next frame.
  private(set) var frame = 0
  /// All computing time, nanoseconds.
  private(set) var computing: Int64 = 0
  /// How long the thread that drives the lane had a processor, nanoseconds.
  var processorTime: Int64 = 0

  private let index: Int
  private let grid: FrameGrid
  private let schedule: ArrivalSchedule
  private let signal: LoadSignal
  private let frontEnds: [LoadProcessor]
  private let batches: [LoadProcessor]
  private let chunkSize: Int
  private var places: [Int]
  private var waiting: [WaitingFrame] = []
  private let frameSize: Int
  private let outputSize: Int
  /// `[streams, frameSize]`.
  @unsafe private let input: UnsafeMutablePointer<Float>
  /// A part `[chunkSize, streams of the batch, outputSize]` for each batch.
  @unsafe private let output: UnsafeMutablePointer<Float>
  /// `[streams, outputSize]`.
  @unsafe private let gathered: UnsafeMutablePointer<Float>

  /// - Parameters:
  ///   - frameRate: of each stream, in Hz.
  ///   - batching: how many streams share a call.
  ///   - clock: on which the run's first instant has been set, or will be.
  init(
    index: Int, model: LoadModel, signal: LoadSignal, streams: Int, frames: Int,
    warmUpFrames: Int, frameRate: Double, batching: MeasureBatching, clock: LaneClock
  ) {
    self.index = index
    self.signal = signal
    self.streams = streams
    self.frames = frames
    self.batching = batching
    self.clock = clock
    description = model.description(frameRate: frameRate, warmUpFrames: warmUpFrames)
    grid = FrameGrid(
      frontEnd: model.frontEnd, chunkSize: model.chunkSize,
      sourceRate: model.frontEnd.sampleRate)
    schedule = ArrivalSchedule(
      sampleRate: model.frontEnd.sampleRate, factor: frameRate / model.ownFrameRate)
    frontEnds = (0..<streams).map { _ in LoadProcessor(model.frontEnd.makeStream()) }
    batches = LoadProcessor.batches(of: model, streams: streams, batch: batching.size)
    chunkSize = model.chunkSize
    frameSize = model.inputSize
    outputSize = model.outputSize
    places = (0..<streams).map(signal.start)
    waiting.reserveCapacity(model.chunkSize)
    // Ten seconds, and no more than 64 MiB, unless a chunk needs more.
    let valueCount = streams * model.outputSize
    let seconds = Int((10 * frameRate).rounded(.up)) + 64
    results = ResultRing(
      capacity: max(2 * model.chunkSize + 2, min(seconds, (1 << 24) / valueCount)),
      outputSize: valueCount)
    unsafe input = Self.zeros(streams * model.inputSize)
    unsafe output = Self.zeros(streams * model.chunkSize * model.outputSize)
    unsafe gathered = Self.zeros(valueCount)
  }

  deinit {
    unsafe input.deallocate()
    unsafe output.deallocate()
    unsafe gathered.deallocate()
  }

  /// When the next frame arrives, nanoseconds since the start of the run.
  var nextArrival: Int64 { schedule.arrival(of: grid.end(ofFrame: UInt64(frame)) - 1) }

  /// Samples of one stream so far.
  var samples: UInt64 { frame == 0 ? 0 : grid.end(ofFrame: UInt64(frame - 1)) }

  /// Gives every stream its next frame, which has arrived; false where there are no more.
  func step() -> Bool {
    guard frame < frames else { return false }
    let arrival = nextArrival
    let start = clock.begin(ready: arrival)
    runFrontEnds()
    let end = clock.lap()
    waiting.append(
      WaitingFrame(
        frame: UInt64(frame), position: grid.end(ofFrame: UInt64(frame)) - 1, arrival: arrival,
        frontEndStart: start, frontEndEnd: end, clockAdjusted: false))
    frame += 1
    let count = unsafe runModel { batch, from, count, to, capacity in
      unsafe LaneBuffers.run(
        &batch.processor, from, count: count, into: to, capacity: capacity)
    }
    let done = clock.lap()
    computing += done - start
    emit(count, modelStart: end, modelEnd: done)
    return true
  }

  /// Releases the frames of the last, shorter chunk and closes the ring.
  func finish() {
    if !waiting.isEmpty {
      let start = clock.begin(ready: 0)
      let count = unsafe runModel { batch, _, _, to, capacity in
        unsafe LaneBuffers.finish(&batch.processor, into: to, capacity: capacity)
      }
      let end = clock.lap()
      computing += end - start
      emit(count, modelStart: start, modelEnd: end)
    }
    results.close()
  }

  /// The lane's own totals, samples counted for one stream.
  var totals: LaneTotals {
    LaneTotals(consumed: samples, computing: computing, lostRecords: UInt64(results.lost))
  }

  private func runFrontEnds() {
    let count = Int(frame == 0 ? grid.window : grid.hop)
    for stream in 0..<streams {
      let written = unsafe LaneBuffers.run(
        &frontEnds[stream].processor, signal.samples(at: places[stream]),
        count: count * signal.channels, into: input + stream * frameSize, capacity: frameSize)
      precondition(written == 1, "a frame's samples make one frame")
      places[stream] = (places[stream] + count) % signal.length
    }
  }

  /// Runs `body` for every batch; returns the frames that each of them wrote.
  @unsafe private func runModel(
    _ body: (
      LoadProcessor, UnsafePointer<Float>, Int, UnsafeMutablePointer<Float>, Int
    ) -> Int
  ) -> Int {
    var first = 0
    var written = 0
    for batch in batches {
      let count = batch.streamCount
      written = unsafe body(
        batch, UnsafePointer(input + first * frameSize), count * frameSize,
        output + first * chunkSize * outputSize, count * chunkSize * outputSize)
      first += count
    }
    return written
  }

  private func emit(_ count: Int, modelStart: Int64, modelEnd: Int64) {
    guard count > 0 else { return }
    for i in 0..<count {
      let frame = waiting[i]
      let record = FrameRecord(
        lane: index, frame: frame.frame, position: frame.position, arrival: frame.arrival,
        frontEndStart: frame.frontEndStart, frontEndEnd: frame.frontEndEnd,
        modelStart: modelStart, modelEnd: modelEnd, emission: modelEnd, endsCall: i == count - 1)
      var first = 0
      for batch in batches {
        let values = batch.streamCount * outputSize
        unsafe (gathered + first * outputSize).update(
          from: output + first * chunkSize * outputSize + i * values, count: values)
        first += batch.streamCount
      }
      unsafe results.commit(record, output: gathered, clock: &clock)
    }
    waiting.removeFirst(count)
  }

  @unsafe private static func zeros(_ count: Int) -> UnsafeMutablePointer<Float> {
    let pointer = UnsafeMutablePointer<Float>.allocate(capacity: max(1, count))
    unsafe pointer.initialize(repeating: 0, count: max(1, count))
    return unsafe pointer
  }
}
