/// The capture thread's side of one lane: its ring, and what the lane lost for being too far behind.
struct LaneFeed {
  let lane: Lane
  let ring: SampleRing
  /// Lost samples that the lane has not been told of.
  private var lost: SampleBlock?

  init(lane: Lane, ring: SampleRing) {
    self.lane = lane
    self.ring = ring
  }

  /// Whether a block finds a place without loss.
  func hasRoom(for block: SampleBlock) -> Bool {
    ring.hasRoom(for: block.kind == .samples ? block.count : 0)
  }

  /// Whether the results of all that waits and of a block will find a place while another lane keeps
  /// the writer waiting.
  func hasRoomForResults(of block: SampleBlock) -> Bool {
    // A longer gap is no frames: the streams begin anew after it.
    let count = block.kind == .samples ? block.count : min(block.count, lane.grid.sourceRate)
    let seconds = Double(ring.waitingSamples + count) / Double(lane.grid.sourceRate)
    let frames = Int(seconds * 1e9 / lane.grid.framePeriod) + Int(lane.grid.chunkSize) + 2
    return lane.results.waitingCount + frames <= lane.results.capacity
  }

  /// Gives the lane a block, or counts it as this lane's overrun where there is no room.
  @unsafe mutating func deliver(_ block: SampleBlock, _ samples: UnsafePointer<Float>?) {
    // After a loss, one place for the news of it and one for the block.
    guard hasRoom(for: block), lost == nil || ring.waitingSamples < ring.capacity / 2 else {
      lose(block)
      return
    }
    if let news = lost {
      unsafe ring.push(news, nil)
      lost = nil
    }
    unsafe ring.push(block, samples)
  }

  /// Tells the lane that nothing more comes; waits for a place if it must.
  mutating func end(at instant: Int64, sleep: () -> Void) {
    let end = SampleBlock(
      kind: .end, position: 0, count: 0, newest: instant, earliest: 0,
      schedule: ArrivalSchedule(sampleRate: 1))
    if let news = lost {
      while !ring.hasRoom(for: 0) { sleep() }
      unsafe ring.push(news, nil)
      lost = nil
    }
    while !ring.hasRoom(for: 0) { sleep() }
    unsafe ring.push(end, nil)
  }

  private mutating func lose(_ block: SampleBlock) {
    if var news = lost {
      news.count += block.count
      news.newest = block.newest
      lost = news
    } else {
      lost = block
      lost?.kind = .overrun
    }
  }
}
