import Experiments
import LaneRunner
import TestLanes

extension LaneSetup {
  func signal() throws -> LoopedSignal {
    try LoopedSignal(.random(seed: 7), for: self)
  }
}

extension MeasureOptions {
  /// On the virtual clock, which `clock` drives.
  static func virtual(_ clock: TestClock, streams: Int = 1) -> MeasureOptions {
    var options = MeasureOptions(
      streams: streams, clock: .virtual, pipeline: PipelineOptions(now: clock.now))
    options.pipeline.processorTime = clock.now
    return options
  }
}
