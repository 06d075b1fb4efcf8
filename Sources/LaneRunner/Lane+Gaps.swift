import StreamCore

extension Lane {
  /// Takes lost samples: zeros up to a second, and beyond that a new beginning at the true position.
  func skipLost(_ block: SampleBlock) {
    if block.kind == .overrun { books.overrun += UInt64(block.count) }
    let after = position + UInt64(block.count)
    let boundary = grid.boundary(before: after)
    if block.count > grid.sourceRate, boundary / grid.hop >= nextFrame {
      flush(at: block.newest)
      books.closeTail()
      frontEnd.reset(stream: 0, at: boundary)
      model.reset(stream: 0, at: boundary / grid.hop)
      position = boundary
      nextFrame = boundary / grid.hop
    }
    while position < after {
      let due = min(grid.end(ofFrame: nextFrame), after) - position
      let part = min(Int(due), LaneBuffers.callSamples)
      unsafe push(
        buffers.silence, count: part, received: false,
        arrival: block.arrival(of: position + UInt64(part) - 1))
    }
  }
}
