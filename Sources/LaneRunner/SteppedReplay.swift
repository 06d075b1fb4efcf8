import LatencyLog
import StreamIO

/// A replay of one lane at pace max that whoever holds it moves on block by block, so that the blocks can
/// be timed: the feed, the lane, the writer and its statistics are those of any run.
package final class SteppedReplay {
  private let feed: DirectFeed
  private let writer: Writer
  private let lane: Lane

  /// Allocates everything. Throws what the subscribers throw at their beginning, and `badData` where the
  /// lane cannot take the source.
  package init(
    source: any SampleSource, lane setup: LaneSetup, subscribers: [any FrameSubscriber]
  ) throws {
    let mode = Pipeline.Mode.replay(.max(factor: 1))
    let rate = setup.rate(of: source.sampleRate, stampedRate: source.stampedRate)
    let pipeline = try Pipeline(
      source: source, mode: mode, lanes: [setup], options: PipelineOptions())
    let lanes = pipeline.lanes
    lane = lanes[0]
    feed = DirectFeed(
      source: source, sourceRate: rate, lanes: lanes, factor: mode.factor, journal: RunJournal(),
      signalWriter: nil)
    writer = Writer(
      lanes: lanes, order: .position, tokens: pipeline.tokens,
      subscribers: [
        StatisticsSubscriber(
          lanes.map(\.description), givesTokens: pipeline.tokens.map { $0 != nil },
          timesWrites: false), DriftSubscriber(lanes),
      ] + subscribers)
    writer.begin()
    lane.rehearse()
  }

  /// Reads a block, takes it through the lane and writes what comes of it; false where nothing more comes.
  package func step() -> Bool {
    let goesOn = feed.step()
    _ = writer.drain()
    return goesOn
  }

  /// Frames that the lane has ended.
  package var frames: UInt64 { lane.state.nextFrame }

  /// What kept the input from being read or results from being written.
  package var failure: (any Error)? { feed.failure ?? writer.failures.first }
}
