import LatencyLog
import Results
import StreamCore
import StreamIO
import Synchronization

/// A lane's twin: a stream of the same model that takes the frames which the lane's own stream
/// takes, but begins anew every period. How far their outputs are apart when the twin is oldest
/// tells what the lane still has of a past that its twin never knew.
///
/// The lane's thread hands frames and outputs over, no more. The twin computes on a thread of its
/// own, or between the turns of lanes that run in turn, so that nothing of it is in a lane's times.
package final class Twin: @unchecked Sendable {
  private let ring: TwinRing
  private let stream: ProcessorBox
  private let grid: FrameGrid
  private let inputSize: Int
  private let outputSize: Int
  /// Whether frames may wait for their outputs where the twin begins anew.
  private let holdsFrames: Bool
  /// Frames from one beginning to the next.
  private let periodFrames: UInt64
  /// Those of them, from the first on, that have an output before the next beginning.
  private let comparedFrames: Int
  /// Of the last call, `[frames, outputSize]`.
  private let outputs: FloatBuffer
  private let tally = Mutex(TwinTally())

  /// The frame at which the twin began; nil while it waits for the start of a chunk.
  private var beginning: UInt64?
  /// Whether it ever began.
  private var hasBegun = false
  private var nextFrame: UInt64 = 0
  /// The frame whose output comes next.
  private var nextOutput: UInt64 = 0
  /// The frames whose outputs the last call gave.
  private var held: Range<UInt64> = 0..<0
  /// Nil where nothing counts: beside a lane that may be as new as the twin, and behind a whole
  /// period.
  private var period: TwinPeriod?

  /// - Parameters:
  ///   - periodFrames: whole chunks.
  ///   - framesBehind: the most that the twin may be behind before it loses some.
  init(
    of model: any StreamingModel, grid: FrameGrid, periodFrames: Int, framesBehind: Int
  ) {
    stream = ProcessorBox(model.makeStreams())
    self.grid = grid
    inputSize = model.inputSize
    outputSize = model.outputSize
    holdsFrames = model.algorithmicLatency > 0
    self.periodFrames = UInt64(periodFrames)
    // With look-ahead the last chunk may wait for frames of the next period.
    let looksAhead = model.algorithmicLatency >= model.chunkSize
    comparedFrames = looksAhead ? periodFrames - model.algorithmicLatency : periodFrames
    outputs = FloatBuffer(
      count: max(model.chunkSize, model.algorithmicLatency + 1) * model.outputSize)
    // A place for what each frame is, and one for its output.
    ring = TwinRing(capacity: 2 * framesBehind, size: max(inputSize, outputSize))
  }

  /// The lane's: a frame that its model took, `[inputSize]`, and the outputs that this gave,
  /// `[count, outputSize]`, of frames from `first` on. Does not allocate, wait, or make a system
  /// call.
  @unsafe func give(
    _ frame: UInt64, _ values: UnsafePointer<Float>, outputs: UnsafePointer<Float>, count: Int,
    from first: UInt64
  ) {
    guard ring.hasRoom(for: 1 + count) else { return }
    unsafe ring.give(TwinRing.Entry(isOutput: false, frame: frame), values, count: inputSize)
    for index in 0..<count {
      unsafe ring.give(
        TwinRing.Entry(isOutput: true, frame: first + UInt64(index)),
        outputs + index * outputSize, count: outputSize)
    }
  }

  /// The lane's: nothing more will come.
  func close() { ring.close() }

  /// Whether half of what may wait does.
  var isBehind: Bool { 2 * ring.waitingCount >= ring.capacity }

  /// Takes all that was handed over.
  func catchUp() {
    while unsafe ring.take({ entry, values in
      if entry.isOutput {
        unsafe compare(values, ofFrame: entry.frame)
      } else {
        unsafe take(entry.frame, values)
      }
    }) {}
  }

  /// The life of the twin's thread: until the lane has ended.
  func serve() {
    while true {
      // Asked before: what was handed over until the end is there then.
      let isOver = ring.isClosed
      catchUp()
      if isOver { return }
      // A lane wakes nobody, which would be a system call.
      MonotonicClock.sleep(until: MonotonicClock.now() + 2_000_000)
    }
  }

  /// What the periods so far came to, on any thread. Allocates.
  var summary: TwinSummary {
    TwinSummary(
      period: Double(periodFrames) * grid.framePeriod / 1e9, tally.withLock { $0 },
      lostFrames: UInt64(ring.lost))
  }

  /// Runs on the next frame, and begins anew where a period has passed or frames are missing.
  @unsafe private func take(_ frame: UInt64, _ values: UnsafePointer<Float>) {
    // The lane began anew or skipped frames, these got lost on the way, or the run went on from a
    // snapshot.
    if frame != nextFrame { beginning = nil }
    nextFrame = frame + 1
    held = 0..<0
    if let beginning {
      if frame == beginning + periodFrames { begin(at: frame, isCounted: true) }
    } else {
      guard frame % grid.chunkSize == 0 else { return }
      begin(at: frame, isCounted: false)
    }
    let count = unsafe stream.run(
      values, count: inputSize, into: outputs.base, capacity: outputs.count)
    held = nextOutput..<nextOutput + UInt64(count)
    nextOutput = held.upperBound
  }

  private func begin(at frame: UInt64, isCounted: Bool) {
    if hasBegun {
      tally.withLock { $0.restarts += 1 }
      // A stream may begin anew once nothing waits in it.
      if holdsFrames {
        _ = unsafe stream.finish(into: outputs.base, capacity: outputs.count)
      }
    }
    stream.resetAll(at: frame)
    hasBegun = true
    beginning = frame
    nextOutput = frame
    period = isCounted ? TwinPeriod(length: comparedFrames) : nil
  }

  /// Holds the lane's output of a frame against the twin's.
  @unsafe private func compare(_ values: UnsafePointer<Float>, ofFrame frame: UInt64) {
    guard let beginning, held.contains(frame), var period else { return }
    let own = unsafe outputs.base + Int(frame - held.lowerBound) * outputSize
    var largest: Float = 0
    for index in 0..<outputSize {
      let difference = unsafe abs(values[index] - own[index])
      // What is no number agrees with nothing.
      largest = max(largest, difference.isFinite ? difference : .infinity)
    }
    period.add(largest, age: Int(frame - beginning))
    self.period = period
    guard period.isWhole else { return }
    self.period = nil
    let seconds = grid.time(ofFrame: frame)
    tally.withLock { $0.add(period, framePeriod: grid.framePeriod, endedAt: seconds) }
  }
}
