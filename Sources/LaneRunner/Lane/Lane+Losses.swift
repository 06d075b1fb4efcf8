import LatencyLog

/// What a lane does about samples that never came, and about being late.
extension Lane {
  /// Takes lost samples: zeros up to a second, and beyond that a new beginning at the true position.
  func skipLost(_ block: SampleBlock) {
    state.books.overrun += UInt64(block.received)
    let after = state.position + UInt64(block.count)
    let boundary = grid.boundary(before: after)
    let frame = boundary.model / grid.hop
    if block.count > grid.sourceRate, frame > state.nextFrame {
      flush(at: state.newestArrival)
      state.books.closeTail()
      state.reset(at: frame, modelPosition: boundary.model, position: boundary.source)
    }
    while state.position < after {
      let position = state.position
      let due = min(max(grid.end(ofFrame: state.nextFrame), position + 1), after) - position
      let part = min(Int(due), buffers.callSamples)
      unsafe takePart(
        buffers.silentStreams, from: 0, count: part, received: false, of: block)
    }
  }

  /// Decides at a chunk's first frame, which completed at `instant`, whether the chunk is skipped.
  ///
  /// Skipping begins when the frame is over its deadline already, and goes on until a chunk can meet
  /// it, judged by the duration of the last model call.
  func beginChunk(_ frame: WaitingFrame, at instant: Int64) {
    guard latePolicy == .drop, !clock.isVirtual, frame.frame % grid.chunkSize == 0 else { return }
    let deadline = frame.arrival + description.deadline
    let ready = max(instant, frame.arrival + description.algorithmicLatency)
    let isLate =
      state.isDropping ? ready + state.lastModelCall > deadline : instant > deadline
    state.isDropping = isLate
    if isLate { state.droppingFrames = Int(grid.chunkSize) }
  }

  /// Takes a frame of a skipped chunk: a record, no output, and at the chunk's end the model moves on.
  func drop(_ frame: WaitingFrame) {
    state.books.dropFrame()
    state.droppingFrames -= 1
    if state.droppingFrames == 0 {
      for model in state.models {
        for stream in 0..<model.streamCount {
          model.processor.advance(frames: Int(grid.chunkSize), stream: stream)
        }
      }
    }
    let decision = clock.lap()
    var record = FrameRecord(
      lane: index, frame: frame.frame, position: frame.position, arrival: frame.arrival,
      frontEndStart: frame.frontEndStart, frontEndEnd: frame.frontEndEnd, modelStart: decision,
      modelEnd: decision, emission: decision, endsCall: false,
      clockAdjusted: frame.clockAdjusted, dropped: true, delivery: frame.delivery)
    record.time = frame.time
    unsafe results.commit(record, output: buffers.gathered.base, clock: &clock)
  }
}
