import LatencyLog
import StreamIO

/// The reader thread: stamps what the source delivers and puts it in every lane's ring.
///
/// It formats nothing and waits for no lane, except in replay where a lane is 10 s behind.
final class Reader: @unchecked Sendable {
  private let run: Run
  private var feeds: [LaneFeed]
  /// Valid once the thread has ended.
  private(set) var intake: Intake
  private(set) var failure: SourceError?
  private var hasWarned = false

  /// How long a wait may last before the reader looks whether it should stop, nanoseconds.
  private static let patience: Int64 = 50_000_000

  init(run: Run, feeds: [LaneFeed]) {
    self.run = run
    self.feeds = feeds
    intake = Intake(
      schedule: ArrivalSchedule(sampleRate: run.sourceRate, factor: run.options.mode.factor),
      arrivals: run.options.mode == .live ? .capture(start: run.start) : .timeStamps)
  }

  /// Reads until the input ends, fails, or the run is asked to stop; then ends every lane's input.
  func read() {
    let capacity = max(1, run.sourceRate / 10)
    let buffer = UnsafeMutableBufferPointer<Float>.allocate(
      capacity: capacity * run.source.channelCount)
    defer { unsafe buffer.deallocate() }
    do throws(SourceError) {
      while !run.isStopRequested {
        if isAhead {
          pause()
          continue
        }
        let count = min(capacity, samplesUntilNextFrame)
        let room = unsafe UnsafeMutableBufferPointer(
          rebasing: buffer[..<(count * run.source.channelCount)])
        switch try unsafe run.source.read(into: room) {
        case .samples(let count, let instant):
          unsafe deliver(intake.samples(count: count, instant: instant), room.baseAddress)
        case .gap(let length): deliverGap(length)
        case .idle: continue
        case .end: return end()
        }
      }
      if let length = run.source.lossWhenStopped() { deliverGap(length) }
    } catch {
      failure = error
    }
    end()
  }

  private func deliverGap(_ length: UInt64) {
    let block = intake.gap(length: length, now: run.options.now() - run.start)
    run.gapJournal.add(
      InputGap(position: block.position, length: length), began: block.earliest)
    unsafe deliver(block, nil)
  }

  /// In replay the reader wakes for each frame of any lane; a live source is read as it comes.
  private var samplesUntilNextFrame: Int {
    guard run.options.mode != .live else { return .max }
    let next = feeds.map { feed in
      feed.lane.grid.end(ofFrame: feed.lane.grid.firstFrame(endingAfter: intake.position))
    }
    return Int((next.min() ?? .max) - intake.position)
  }

  /// Whether a live input comes faster than its rate while a lane is a second behind: then it is left
  /// waiting in the pipe, where nothing is lost.
  private var isAhead: Bool {
    guard run.options.mode == .live else { return false }
    guard feeds.contains(where: { $0.ring.waitingSamples >= run.sourceRate }) else { return false }
    // What waited in the pipe before the run began is not ahead; a lane's ring holds these seconds. Nor
    // is a device whose clock is a little fast: what it captures is lost if nobody reads.
    let elapsed = 1.01 * Double(run.options.now() - run.start) / 1e9 + 3
    guard Double(intake.received) > elapsed * Double(run.sourceRate) else { return false }
    if !hasWarned {
      hasWarned = true
      run.options.warn(
        "the input comes faster than its rate, so that it is held back; for a recording use "
          + "lockstep replay -")
    }
    return true
  }

  @unsafe private func deliver(_ block: SampleBlock, _ samples: UnsafePointer<Float>?) {
    if run.options.mode != .live {
      waitForSchedule(block)
      waitForRoom(block)
    }
    for index in feeds.indices { unsafe feeds[index].deliver(block, samples) }
    // The picture may have a hole where the writer was too far behind; the lanes have none.
    if let ring = run.signalRing, block.kind == .samples, ring.hasRoom(for: block.count) {
      unsafe ring.push(block, samples)
    }
  }

  private func waitForSchedule(_ block: SampleBlock) {
    let due = run.start + block.newest
    while !run.isStopRequested {
      let now = run.options.now()
      guard now < due else { return }
      MonotonicClock.sleep(until: min(due, now + Self.patience))
    }
  }

  private func waitForRoom(_ block: SampleBlock) {
    while !run.isStopRequested,
      !feeds.allSatisfy({ $0.hasRoom(for: block) && $0.hasRoomForResults(of: block) })
    {
      if !hasWarned {
        hasWarned = true
        run.options.warn(
          "a lane is 10 s behind, so that the recording waits for it: from here all lanes are late")
      }
      pause()
    }
  }

  private func end() {
    let instant = run.options.now() - run.start
    for index in feeds.indices { feeds[index].end(at: instant, sleep: pause) }
  }

  private func pause() {
    MonotonicClock.sleep(until: MonotonicClock.now() + 2_000_000)
  }
}
