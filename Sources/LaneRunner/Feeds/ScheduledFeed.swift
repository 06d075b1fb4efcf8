import Results
import StreamIO

/// A lane of a controlled load: at every arrival each of its streams gets a frame's samples of a signal
/// that never ends, each stream from a place of its own.
///
/// Owned by one thread at a time. A step allocates nothing, takes no lock, and only reads the clock.
@safe package final class ScheduledLane: @unchecked Sendable {
  package let lane: Lane
  package let streams: Int
  /// Streams a call of the model.
  package let batch: Int
  /// Frames of each stream, warm-up included.
  package let frames: Int
  /// The next frame.
  package private(set) var frame = 0
  /// How long the thread that drives the lane had a processor, nanoseconds.
  package fileprivate(set) var processorTime: Int64 = 0
  /// Where that thread was placed.
  package fileprivate(set) var placement = ThreadPlacement.Outcome()

  fileprivate let signal: LoopedSignal
  private let schedule: ArrivalSchedule
  private var places: [Int]
  @unsafe private let samples: UnsafeMutablePointer<UnsafePointer<Float>>

  /// - Parameters:
  ///   - frames: of each stream, warm-up included.
  ///   - frameRate: of each stream, in Hz.
  ///   - batch: how many streams share a call.
  package init(
    index: Int, setup: LaneSetup, signal: LoopedSignal, streams: Int, batch: Int, frames: Int,
    warmUpFrames: Int, frameRate: Double, isVirtual: Bool, now: @escaping () -> Int64
  ) {
    self.signal = signal
    self.streams = streams
    self.batch = batch
    self.frames = frames
    let frontEnd = setup.frontEnd
    let model = setup.model
    let factor = frameRate / setup.frameRate
    schedule = ArrivalSchedule(sampleRate: frontEnd.sampleRate, factor: factor)
    let grid = FrameGrid(
      frontEnd: frontEnd, chunkSize: model.chunkSize, sourceRate: frontEnd.sampleRate)
    // Ten seconds, and no more than 64 MiB, unless a chunk needs more.
    let seconds = Int((10 * frameRate).rounded(.up)) + 64
    lane = Lane(
      index: index,
      description: setup.description(grid, factor: factor, warmUpFrames: warmUpFrames), grid: grid,
      mixer: ChannelMixer(channels: frontEnd.channels),
      frontEnds: (0..<streams).map { _ in ProcessorBox(frontEnd.makeStream()) },
      models: ProcessorBox.batches(of: model, streams: streams, batch: batch),
      clock: LaneClock(isVirtual: isVirtual, start: 0, now: now),
      ringCapacity: max(
        2 * model.chunkSize + 2, min(seconds, (1 << 24) / (streams * model.outputSize))))
    places = (0..<streams).map(signal.start)
    unsafe samples = .allocate(capacity: streams)
    unsafe samples.initialize(repeating: signal.samples(at: 0), count: streams)
  }

  deinit { unsafe samples.deallocate() }

  /// When the next frame arrives, nanoseconds since the start of the run.
  fileprivate var nextArrival: Int64 {
    schedule.arrival(of: lane.grid.end(ofFrame: UInt64(frame)) - 1)
  }

  /// Samples of one stream so far.
  fileprivate var position: UInt64 {
    frame == 0 ? 0 : lane.grid.end(ofFrame: UInt64(frame - 1))
  }

  /// Gives every stream the samples of its next frame, which has arrived; false where there are no more.
  package func step() -> Bool {
    guard frame < frames else { return false }
    let count = Int(lane.grid.end(ofFrame: UInt64(frame)) - position)
    for stream in 0..<streams {
      unsafe samples[stream] = signal.samples(at: places[stream])
      places[stream] = (places[stream] + count) % signal.length
    }
    unsafe lane.take(
      samples, count: count,
      of: SampleBlock(
        kind: .samples, position: position, count: count, newest: nextArrival, earliest: 0,
        schedule: schedule))
    frame += 1
    return true
  }
}

/// What came in, the same for both clocks: samples of one stream, counted as the first lane counts them.
private func summary(of lanes: [ScheduledLane]) -> InputSummary {
  InputSummary(
    received: lanes.map(\.position).max() ?? 0, rate: Double(lanes[0].lane.grid.sourceRate),
    channels: lanes[0].signal.channels)
}

/// Controlled loads on virtual clocks: a frame of each lane in turn, on one thread.
final class VirtualSchedule: TurnFeed {
  private let lanes: [ScheduledLane]
  private let processorTime: () -> Int64

  init(_ lanes: [ScheduledLane], processorTime: @escaping () -> Int64) {
    self.lanes = lanes
    self.processorTime = processorTime
  }

  func step() -> Bool {
    var isOpen = false
    for lane in lanes {
      let began = processorTime()
      if lane.step() { isOpen = true }
      lane.processorTime += processorTime() - began
    }
    return isOpen
  }

  func finish() {
    for lane in lanes { lane.lane.finish(at: 0) }
  }

  /// All lanes ran on one thread, which was placed so.
  func note(_ placement: ThreadPlacement.Outcome) {
    for lane in lanes { lane.placement = placement }
  }

  var failure: SourceError? { nil }
  var input: InputSummary { summary(of: lanes) }
}

/// Controlled loads in real time: every lane on a thread of its own, which gives itself the frames when
/// they are due, whatever happened before.
final class RealTimeSchedule: ThreadFeed {
  private let lanes: [ScheduledLane]
  private let options: PipelineOptions
  private let isStopped: () -> Bool
  var signal: SampleRing? { nil }

  init(_ lanes: [ScheduledLane], options: PipelineOptions, isStopped: @escaping () -> Bool) {
    self.lanes = lanes
    self.options = options
    self.isStopped = isStopped
  }

  func threads(start: Int64) -> [FeedThread] {
    lanes.map { lane in
      FeedThread(role: .lane(lane.lane.index, of: lanes.count)) { [self] placement in
        lane.placement = placement
        let began = options.processorTime()
        while !isStopped(), lane.frame < lane.frames {
          let due = start + lane.nextArrival
          let now = options.now()
          // In parts, so that a request to stop is seen.
          if now < due {
            options.sleep(min(due, now + 50_000_000))
          } else {
            _ = lane.step()
          }
        }
        lane.processorTime = options.processorTime() - began
        lane.lane.finish(at: 0)
      }
    }
  }

  var failure: SourceError? { nil }
  var input: InputSummary { summary(of: lanes) }
}
