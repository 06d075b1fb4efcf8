import StreamCore

extension Lane {
  /// Takes lost samples: zeros up to a second, and beyond that a new beginning at the true position.
  func skipLost(_ block: SampleBlock) {
    if block.kind == .overrun { books.overrun += UInt64(block.count) }
    let after = position + UInt64(block.count)
    let boundary = grid.boundary(before: after)
    let frame = boundary.model / grid.hop
    if block.count > grid.sourceRate, frame > nextFrame {
      flush(at: newestArrival)
      books.closeTail()
      resampler?.reset(at: boundary.model)
      droppingFrames = 0
      frontEnd.reset(stream: 0, at: boundary.model)
      model.reset(stream: 0, at: frame)
      position = boundary.source
      modelPosition = boundary.model
      nextFrame = frame
    }
    while position < after {
      let due = min(max(grid.end(ofFrame: nextFrame), position + 1), after) - position
      let part = min(Int(due), LaneBuffers.callSamples)
      unsafe push(
        buffers.silence, count: part, received: false,
        arrival: block.arrival(of: position + UInt64(part) - 1))
    }
  }
}
