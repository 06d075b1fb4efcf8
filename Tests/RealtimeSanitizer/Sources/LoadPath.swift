import StreamCore
import StreamIO

@testable import LaneRunner

/// The same for a controlled load: a frame of many streams, some of them together in a call.
struct LoadPath {
  let setup: LaneSetup
  private static let streams = 5
  private static let frames = 500

  /// Runs it; returns the frames of all streams.
  func run() throws(SourceError) -> Int {
    let load = ScheduledLane(
      index: 0, setup: setup,
      signal: try LoopedSignal(.random(seed: 1), for: setup),
      streams: Self.streams, batch: 2, frames: Self.frames, warmUpFrames: 100,
      frameRate: setup.frameRate, isVirtual: true, now: MonotonicClock.now)
    let lane = load.lane
    var isOpen = true
    while isOpen {
      inRealtimeContext { isOpen = load.step() }
      while lane.results.first != nil { unsafe lane.results.take { _ in } }
    }
    inRealtimeContext { lane.finish(at: 0) }
    return load.frame * Self.streams
  }
}
