import LatencyLog
import ModelFiles
import StreamCore
import StreamIO

@testable import LaneRunner

/// The frame path of one lane in a real-time context: from a block of samples to the committed outputs,
/// with a short gap, a long one, and the end of the input.
struct FramePath {
  let setup: LaneSetup
  /// Of the source; the lane resamples where it is not the model's.
  let sourceRate: Int
  var latePolicy = LatePolicy.catchUp

  private static let seconds = 20

  /// Runs it; returns how many frames came out, and how many were dropped.
  func run() throws(SourceError) -> (frames: Int, dropped: Int) {
    let channels = setup.frontEnd.channels
    let lane = Lane(
      index: 0, setup: setup, grid: try setup.grid(sourceRate: sourceRate),
      mixer: try setup.mixer(inputChannels: channels, channel: nil), mode: .live,
      options: PipelineOptions(latePolicy: latePolicy), ringSeconds: 10)
    lane.rehearse()
    // An hour late: where frames may be dropped, all of them are.
    lane.clock.restart(at: MonotonicClock.now() - 3_600_000_000_000)
    let count = max(1, sourceRate / 50)
    let noise = LoopedSignal.noise(count * channels, seed: 3)
    var intake = Intake(schedule: ArrivalSchedule(sampleRate: sourceRate), arrivals: .schedule)
    var (frames, dropped) = (0, 0)
    func drain() {
      while let record = lane.results.first {
        unsafe lane.results.take { _ in }
        if record.dropped { dropped += 1 } else { frames += 1 }
      }
    }
    for block in 0..<50 * Self.seconds {
      let samples = try intake.samples(count: count, instant: nil)
      unsafe noise.withUnsafeBufferPointer { values in
        guard var base = values.baseAddress else { return }
        inRealtimeContext { unsafe lane.take(&base, count: count, of: samples) }
      }
      if block % 200 == 99 {
        let length = block < 500 ? sourceRate / 10 : 2 * sourceRate
        let gap = try intake.gap(length: UInt64(max(1, length)))
        inRealtimeContext { lane.skipLost(gap) }
      }
      drain()
    }
    inRealtimeContext { lane.finish(at: 0) }
    drain()
    return (frames, dropped)
  }
}
