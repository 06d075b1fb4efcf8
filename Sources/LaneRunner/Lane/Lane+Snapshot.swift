import StreamCore

/// One lane's state as bytes, and where the lane was.
struct LaneSnapshot {
  /// Made before the first frame, so that saving allocates nothing.
  fileprivate(set) var room: [UInt8] = []
  fileprivate(set) var count = 0
  /// The next frame to complete.
  fileprivate(set) var frame: UInt64 = 0

  /// What was saved. Allocates.
  var bytes: [UInt8] { Array(room[..<count]) }
}

/// What a lane does at a snapshot of its run.
extension Lane {
  /// The most bytes that the lane's state ever takes; nil where its front end or its model has no way to save
  /// theirs.
  var snapshotByteCount: Int? {
    let waiting = (callFrames - state.waiting.count) * WaitingFrame.savedByteCount
    // What is nil now, and what may not be later: a read, and two numbers of a place on the stamps' clock.
    return StateArchive.measure { exchange(with: &$0) }.map { $0 + waiting + 3 * 8 }
  }

  func makeRoomForSnapshots() {
    saved.room = [UInt8](repeating: 0, count: snapshotByteCount ?? 0)
  }

  /// Saves the lane's state, on the lane's thread between two blocks: what it commits from here on waits
  /// until the snapshot is written. Allocates nothing, takes no lock and makes no system call.
  func save() {
    var room = saved.room.mutableSpan
    saved.count = StateArchive.save(into: &room) { exchange(with: &$0) }
    saved.frame = state.nextFrame
    results.mark()
  }

  /// Goes on from a state that was saved. After an error the lane is of no use.
  func restore(_ bytes: [UInt8]) throws(StateDefect) {
    try StateArchive.restore(from: bytes.span) { exchange(with: &$0) }
    saved.frame = state.nextFrame
  }

  private func exchange(with archive: inout StateArchive) {
    state.exchange(with: &archive, waitingLimit: callFrames)
    clock.exchange(with: &archive)
    // Samples of a frame are then far from overflow.
    archive.check(state.nextFrame < 1 << 48 / grid.hop)
    archive.check((0...Int(grid.chunkSize)).contains(state.droppingFrames))
    if archive.isRestoring, !archive.isDamaged { archive.check(isOfOnePiece) }
  }

  /// The frame of the first result that the writer has not had.
  var nextResultFrame: UInt64 {
    results.first?.frame ?? state.waiting.first?.frame ?? state.nextFrame
  }

  /// Whether front ends, models and the lane agree on where they are, as far as they can tell.
  private var isOfOnePiece: Bool {
    let end = grid.modelEnd(ofFrame: state.nextFrame)
    guard state.modelPosition < end else { return false }
    let due = Int(end - state.modelPosition)
    let frontEndsAgree = state.frontEnds.allSatisfy { box in
      // One of somebody's own may say more than it gives: of that nothing is known.
      guard box.processor.outputCapacity(forFrames: Int(grid.hop)) <= 1 else { return true }
      return box.processor.outputCapacity(forFrames: due) == 1
        && box.processor.outputCapacity(forFrames: due - 1) == 0
    }
    let waiting = state.waiting.count
    let framesAgree = state.waiting.enumerated().allSatisfy { place, frame in
      frame.frame + UInt64(waiting - place) == state.nextFrame
    }
    return frontEndsAgree && framesAgree
      && state.models.allSatisfy { box in
        (0..<box.streamCount).allSatisfy {
          (box.processor.waitingFrames(stream: $0) ?? waiting) == waiting
        }
      }
  }

  /// A run in real time goes on at the arrival of its last sample. Of the frames that wait for their chunk, the
  /// front end may have come later than that: it counts as done by then, or their next part would begin before
  /// it ended.
  func countWaitingFrames(asDoneAt instant: Int64) {
    for index in state.waiting.indices {
      state.waiting[index].frontEndStart = min(state.waiting[index].frontEndStart, instant)
      state.waiting[index].frontEndEnd = min(state.waiting[index].frontEndEnd, instant)
    }
  }

  /// Ends the run, but not the input: what waits stays as it is.
  func stop() {
    state.books.closeTail()
    close()
  }
}
