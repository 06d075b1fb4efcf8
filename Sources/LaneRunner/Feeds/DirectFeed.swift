import Results
import StreamCore
import StreamIO

/// A recording at pace max: blocks go straight from the reading loop to the lanes, in turn.
final class DirectFeed: TurnFeed {
  private let source: any SampleSource
  private let sourceRate: Int
  private let lanes: [Lane]
  private let reader: Reader
  /// Gets the samples as they come; nil where nobody asked.
  private let signalWriter: Writer?
  /// Samples after which the run stops; nil for all there are.
  private let stopPosition: UInt64?

  init(
    source: any SampleSource, sourceRate: Int, lanes: [Lane], factor: Double, journal: RunJournal,
    signalWriter: Writer?, stopPosition: UInt64? = nil
  ) {
    self.source = source
    self.stopPosition = stopPosition
    self.sourceRate = sourceRate
    self.lanes = lanes
    self.signalWriter = signalWriter
    reader = Reader(
      source: source, journal: journal,
      intake: Intake(
        schedule: ArrivalSchedule(sampleRate: sourceRate, factor: factor), arrivals: .schedule),
      // Half a second at most, so that no lane's ring of results fills up between two visits.
      blockCapacity: max(1, min(4_096, sourceRate / 2)))
  }

  /// What the source delivers at once; of samples that come one by one a few, so that not every one of
  /// them has the writer asked for.
  func step() -> Bool {
    var left = reader.blockCapacity
    if let stopPosition { left = Int(min(UInt64(left), stopPosition - position)) }
    for _ in 0..<DirectFeed.eventsPerStep {
      var count = 0
      guard read(atMost: left, &count) else { return false }
      // Nothing came, or a gap.
      if count == 0 { break }
      left -= count
      if left == 0 { break }
    }
    return true
  }

  /// Few enough that a slow pipe does not keep the run from seeing that it is to stop.
  private static let eventsPerStep = 8

  private func read(atMost limit: Int, _ count: inout Int) -> Bool {
    // A recording's gaps come to light when they are read, whatever the time.
    unsafe reader.read(atMost: limit, now: { .max }) { block, samples in
      guard let samples = unsafe samples else {
        for lane in lanes { lane.skipLost(block) }
        return
      }
      count = block.count
      unsafe give(samples, of: block)
    }
  }

  @unsafe private func give(_ samples: UnsafePointer<Float>, of block: SampleBlock) {
    if let signalWriter {
      let values = unsafe Span(_unsafeStart: samples, count: block.count * source.channelCount)
      signalWriter.observe(values, at: block.position)
    }
    unsafe withUnsafePointer(to: samples) { stream in
      for lane in lanes { unsafe lane.take(stream, count: block.count, of: block) }
    }
  }

  func finish() {
    for lane in lanes { lane.finish(at: 0) }
  }

  var failure: SourceError? { reader.failure }

  var input: InputSummary { reader.summary(rate: sourceRate) }

  var position: UInt64 { reader.intake.position }

  var isAtStop: Bool { stopPosition.map { position >= $0 } ?? false }

  func stop() {
    for lane in lanes { lane.stop() }
  }

  var readerState: [UInt8] { reader.state(elapsed: 0) }

  func goOn(_ state: [UInt8], isStopped: () -> Bool) throws(SourceError) {
    try reader.goOn(state, rate: sourceRate, isStopped: isStopped)
  }
}
