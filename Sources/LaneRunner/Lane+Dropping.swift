import LatencyLog

extension Lane {
  /// Decides at a chunk's first frame, which completed at `instant`, whether the chunk is skipped.
  ///
  /// Skipping begins when the frame is over its deadline already, and goes on until a chunk can meet
  /// it, judged by the duration of the last model call.
  func beginChunk(_ frame: WaitingFrame, at instant: Int64) {
    guard latePolicy == .drop, !clock.isVirtual, frame.frame % grid.chunkSize == 0 else { return }
    let deadline = frame.arrival + description.deadline
    let ready = max(instant, frame.arrival + description.algorithmicLatency)
    let isLate = isDropping ? ready + lastModelCall > deadline : instant > deadline
    isDropping = isLate
    if isLate { droppingFrames = Int(grid.chunkSize) }
  }

  /// Takes a frame of a skipped chunk: a record, no output, and at the chunk's end the model moves on.
  @unsafe func drop(_ frame: WaitingFrame) {
    books.dropFrame()
    droppingFrames -= 1
    if droppingFrames == 0 { model.advance(frames: Int(grid.chunkSize), stream: 0) }
    let decision = clock.lap()
    let record = FrameRecord(
      lane: index, frame: frame.frame, position: frame.position, arrival: frame.arrival,
      frontEndStart: frame.frontEndStart, frontEndEnd: frame.frontEndEnd, modelStart: decision,
      modelEnd: decision, emission: decision, endsCall: false,
      clockAdjusted: frame.clockAdjusted, dropped: true)
    unsafe results.commit(record, output: buffers.output, clock: &clock)
  }
}
