import LatencyLog
import Results
import StreamCore

/// Streams of one model on one thread, with their front ends and their outputs: what somebody would
/// deploy. It has one stream, or as many as a load asks for; all get the same number of samples at the
/// same instants.
///
/// Owned by one thread at a time. `init` allocates everything; from taking a frame's samples to
/// committing its output a lane allocates nothing, takes no lock, and only reads the clock.
package final class Lane: @unchecked Sendable {
  package let description: LaneDescription
  package let grid: FrameGrid
  package let results: ResultRing

  let index: Int
  let streams: Int
  let mixer: ChannelMixer
  let buffers: LaneBuffers
  let latePolicy: LatePolicy
  var clock: LaneClock
  var state: LaneState
  /// Heap allocations of the calling thread so far; nil where nobody counts them.
  var allocationCount: (() -> Int)?
  /// The most frames that wait and get their outputs at once, at the end of the input.
  let callFrames: Int
  /// Where the lane's state goes at a snapshot; empty for a lane of a run without.
  var saved = LaneSnapshot()
  /// Beside the lane; nil for one without, and for a controlled load.
  let twin: Twin?
  /// Ten seconds of frames: how often the lane measures its model's state.
  private let framesPerMeasuring: Int

  /// - Parameters:
  ///   - grid: where the frames lie.
  ///   - frontEnds: one a stream.
  ///   - models: the streams in batches, in the order of the front ends.
  ///   - ringCapacity: records that the writer may be behind.
  package init(
    index: Int, description: LaneDescription, grid: FrameGrid, mixer: ChannelMixer,
    frontEnds: [ProcessorBox], models: [ProcessorBox], clock: LaneClock,
    latePolicy: LatePolicy = .catchUp, ringCapacity: Int, twin: Twin? = nil
  ) {
    precondition(
      frontEnds.count == models.reduce(0) { $0 + $1.streamCount }, "one front end a stream")
    self.index = index
    self.description = description
    self.grid = grid
    self.mixer = mixer
    self.clock = clock
    self.latePolicy = latePolicy
    self.twin = twin
    streams = frontEnds.count
    framesPerMeasuring = max(1, Int(10e9 / grid.framePeriod))
    callFrames = max(
      models[0].processor.chunkSize, models[0].processor.algorithmicLatency + 1)
    let outputSize = models[0].processor.outputSize
    buffers = LaneBuffers(
      mixer: mixer, grid: grid, streams: streams, frameSize: models[0].processor.inputSize,
      outputSize: outputSize, callFrames: callFrames)
    results = ResultRing(capacity: ringCapacity, outputSize: streams * outputSize)
    state = LaneState(
      frontEnds: frontEnds,
      resamplers: grid.resampler.map { resampler in
        frontEnds.map { _ in
          ProcessorBox(AnyFrameProcessor(resampler.makeStream(channels: mixer.outputChannels)))
        }
      } ?? [], models: models)
    state.waiting.reserveCapacity(callFrames)
  }

  /// Runs front ends and model once on silence and forgets it, so that the first frame finds its pages
  /// and its code in memory.
  func rehearse() {
    let silent = min(Int(grid.window), buffers.callSamples)
    for stream in 0..<streams {
      _ = unsafe state.frontEnds[stream].run(
        buffers.silentStreams[stream], count: silent * mixer.outputChannels,
        into: buffers.frames(of: stream),
        capacity: buffers.frameSize)
    }
    for _ in 0..<grid.chunkSize { _ = runModels() }
    // Behind a splice a model may be in the middle of a chunk, where none begins anew.
    _ = finishModels()
    state.reset(at: 0, modelPosition: 0, position: 0)
  }

  /// Takes the samples of a block, or a part of it that begins at the lane's position: of each stream a
  /// pointer to `[count, channels]`.
  @unsafe package func take(
    _ samples: UnsafePointer<UnsafePointer<Float>>, count: Int, of block: SampleBlock
  ) {
    var offset = 0
    while offset < count {
      let position = state.position
      // After a flush of the resampler a frame may have come before its end.
      let due = Int(max(grid.end(ofFrame: state.nextFrame), position + 1) - position)
      // One frame per call at most: the samples up to the next frame's last one.
      let part = min(due, count - offset, buffers.callSamples)
      unsafe takePart(samples, from: offset, count: part, received: true, of: block)
      offset += part
    }
  }

  /// Mixes and resamples source samples that complete one frame at most, and runs the front ends.
  @unsafe func takePart(
    _ samples: UnsafePointer<UnsafePointer<Float>>, from offset: Int, count: Int, received: Bool,
    of block: SampleBlock
  ) {
    state.newestRead = block.read
    state.position += UInt64(count)
    let arrival = block.arrival(of: state.position - 1)
    state.newestArrival = arrival
    state.newestPoint = block.point(of: state.position - 1)
    if received { state.books.open += UInt64(count) }
    let allocations = allocationCount?() ?? 0
    // The service time of the frame that these samples complete begins here.
    let start = clock.begin(ready: arrival)
    var modelCount = count
    for stream in 0..<streams {
      let mixed = unsafe mixer.mix(
        samples[stream] + offset * mixer.inputChannels, count: count,
        into: buffers.mixed(of: stream))
      unsafe buffers.values[stream] = mixed
      guard !state.resamplers.isEmpty else { continue }
      let resampled = unsafe buffers.resampled(of: stream)
      modelCount = unsafe state.resamplers[stream].run(
        mixed, count: count * mixer.outputChannels, into: resampled,
        capacity: buffers.resampledCapacity)
      unsafe buffers.values[stream] = UnsafePointer(resampled)
    }
    runFrontEnds(count: modelCount, start: start, arrival: arrival)
    if let allocationCount { state.books.allocations += allocationCount() - allocations }
  }

  /// Gives the front ends the `count` samples in `buffers.values`, at the model's rate; a call began at
  /// `start`.
  private func runFrontEnds(count: Int, start: Int64, arrival: Int64) {
    let channels = mixer.outputChannels
    var start = start
    var offset = 0
    // More than one turn only where one source sample yields several of the model's.
    repeat {
      let due = Int(grid.modelEnd(ofFrame: state.nextFrame) - state.modelPosition)
      let part = min(due, count - offset)
      var frames = 0
      for stream in 0..<streams {
        frames = unsafe state.frontEnds[stream].run(
          buffers.values[stream] + offset * channels, count: part * channels,
          into: buffers.frames(of: stream), capacity: buffers.frameSize)
      }
      state.modelPosition += UInt64(part)
      offset += part
      let end = clock.lap()
      state.books.computing += end - start
      start = frames > 0 ? completeFrame(start: start, end: end, arrival: arrival) : end
    } while offset < count
  }

  /// Gives a completed frame to the model; returns the instant at which its results are out.
  private func completeFrame(start: Int64, end: Int64, arrival: Int64) -> Int64 {
    let adjusted = arrival > start
    let frame = WaitingFrame(
      frame: state.nextFrame, position: state.position - 1, arrival: adjusted ? start : arrival,
      frontEndStart: start, frontEndEnd: end, clockAdjusted: adjusted,
      delivery: state.newestRead.map { max(0, min($0, start) - arrival) },
      time: grid.time(ofFrame: state.nextFrame, at: state.newestPoint, of: state.position - 1))
    state.nextFrame += 1
    beginChunk(frame, at: end)
    guard state.droppingFrames == 0 else {
      drop(frame)
      return clock.lap()
    }
    state.waiting.append(frame)
    state.books.closeFrame()
    let outputs = runModels()
    let done = clock.lap()
    state.books.computing += done - end
    if outputs > 0 {
      state.lastModelCall = done - end
      state.books.calls += 1
    }
    let first = state.waiting[0].frame
    emit(outputs, modelStart: end, modelEnd: done)
    // After the outputs are out: what a twin takes is in no frame's response time.
    if let twin {
      unsafe twin.give(
        frame.frame, buffers.frames(of: 0), outputs: buffers.outputs(of: 0), count: outputs,
        from: first)
    }
    return outputs > 0 ? clock.lap() : done
  }

  /// One call of every batch on the present frames; returns the output frames of each stream.
  private func runModels() -> Int {
    var outputs = 0
    for model in state.models {
      outputs = unsafe model.run(
        buffers.frames(of: model.firstStream), count: model.streamCount * buffers.frameSize,
        into: buffers.outputs(of: model.firstStream),
        capacity: model.streamCount * buffers.outputCapacity)
    }
    return outputs
  }

  /// Ends the input of every batch; returns the output frames of each stream.
  private func finishModels() -> Int {
    var outputs = 0
    for model in state.models {
      outputs = unsafe model.finish(
        into: buffers.outputs(of: model.firstStream),
        capacity: model.streamCount * buffers.outputCapacity)
    }
    return outputs
  }

  /// Commits the outputs of one model call: those of the frames that waited longest.
  private func emit(_ count: Int, modelStart: Int64, modelEnd: Int64) {
    guard count > 0 else { return }
    for i in 0..<count {
      let frame = state.waiting[i]
      var record = FrameRecord(
        lane: index, frame: frame.frame, position: frame.position, arrival: frame.arrival,
        frontEndStart: frame.frontEndStart, frontEndEnd: frame.frontEndEnd,
        modelStart: modelStart, modelEnd: modelEnd, emission: modelEnd,
        endsCall: i == count - 1, clockAdjusted: frame.clockAdjusted, delivery: frame.delivery)
      record.time = frame.time
      unsafe results.commit(record, output: outputs(ofFrame: i), clock: &clock)
    }
    state.waiting.removeFirst(count)
    state.framesSinceMeasuring += count
    if state.framesSinceMeasuring >= framesPerMeasuring {
      state.framesSinceMeasuring = 0
      results.noteState(
        norm: state.models[0].processor.stateNorm, cacheFill: state.models[0].processor.cacheFill)
    }
  }

  /// One frame's outputs of the last model call, `[streams, outputSize]`.
  @unsafe private func outputs(ofFrame index: Int) -> UnsafePointer<Float> {
    let size = buffers.outputSize
    guard state.models.count > 1 else {
      return unsafe UnsafePointer(buffers.outputs(of: 0) + index * streams * size)
    }
    for model in state.models {
      let values = model.streamCount * size
      unsafe (buffers.gathered.base + model.firstStream * size).update(
        from: buffers.outputs(of: model.firstStream) + index * values, count: values)
    }
    return unsafe UnsafePointer(buffers.gathered.base)
  }

  /// Releases what waits for more: the resampler's look-ahead, then the last, shorter chunk.
  func flush(at instant: Int64) {
    if !state.resamplers.isEmpty {
      let start = clock.begin(ready: instant)
      var count = 0
      for stream in 0..<streams {
        let resampled = unsafe buffers.resampled(of: stream)
        count = unsafe state.resamplers[stream].finish(
          into: resampled, capacity: buffers.resampledCapacity)
        unsafe buffers.values[stream] = UnsafePointer(resampled)
      }
      runFrontEnds(count: count, start: start, arrival: state.newestArrival)
    }
    guard !state.waiting.isEmpty else { return }
    state.droppingFrames = 0
    let start = clock.begin(ready: instant)
    let outputs = finishModels()
    let end = clock.lap()
    state.books.computing += end - start
    emit(outputs, modelStart: start, modelEnd: end)
  }

  /// The end of the input, which became known at `instant`.
  package func finish(at instant: Int64) {
    flush(at: max(instant, state.newestArrival))
    state.books.closeTail()
    close()
  }

  /// Nothing more will come, for the writer or the twin.
  func close() {
    results.close()
    twin?.close()
  }

  /// The lane's own totals, for the summary; samples are those of one stream.
  package var totals: LaneTotals {
    var totals = LaneTotals()
    totals.consumed = state.books.consumed
    totals.dropped = state.books.dropped
    totals.tail = state.books.tail
    totals.overrun = state.books.overrun
    totals.computing = state.books.computing
    totals.lostRecords = UInt64(results.lost)
    totals.stateIsNotFinite = state.models.contains {
      $0.processor.stateNorm.map { !$0.isFinite } ?? false
    }
    if allocationCount != nil, state.books.calls > 0 {
      totals.allocationsPerCall = Double(state.books.allocations) / Double(state.books.calls)
    }
    return totals
  }
}

extension Lane {
  /// A lane of one stream for a source; the writer may be `ringSeconds` behind.
  convenience init(
    index: Int, setup: LaneSetup, grid: FrameGrid, mixer: ChannelMixer, mode: Pipeline.Mode,
    options: PipelineOptions, ringSeconds: Double
  ) {
    let records = (ringSeconds * 1e9 / grid.framePeriod).rounded(.up)
    self.init(
      index: index, description: setup.description(grid, factor: mode.factor), grid: grid,
      mixer: mixer, frontEnds: [ProcessorBox(setup.frontEnd.makeStream())],
      models: ProcessorBox.batches(of: setup.model, streams: 1, batch: 1),
      clock: LaneClock(isVirtual: mode.isVirtual, start: 0, now: options.now),
      latePolicy: options.latePolicy,
      ringCapacity: Int(min(records, Double(1 << 20))) + 64 + setup.model.chunkSize,
      twin: setup.twin(on: grid, factor: mode.isVirtual ? 1 : mode.factor))
  }
}
