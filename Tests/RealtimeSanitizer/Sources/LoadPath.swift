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
    let model = LoadModel(setup)
    let lane = LoadLane(
      index: 0, model: model,
      signal: try LoadSignal(.random(seed: 1), for: model.frontEnd, lane: setup.name),
      streams: Self.streams, frames: Self.frames, warmUpFrames: 100,
      frameRate: model.ownFrameRate, batching: MeasureBatching(size: 2, trials: []),
      clock: LaneClock(isVirtual: true, start: 0, now: MonotonicClock.now))
    var isOpen = true
    while isOpen {
      inRealtimeContext { isOpen = lane.step() }
      while lane.results.first != nil { unsafe lane.results.take { _ in } }
    }
    inRealtimeContext { lane.finish() }
    return lane.frame * Self.streams
  }
}
