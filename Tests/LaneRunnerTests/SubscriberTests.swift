import Foundation
import LatencyLog
import StreamIO
import TestLanes
import Testing

@testable import LaneRunner

/// Outputs of a run that fail, and what people are told meanwhile.
@Suite("Subscribers")
struct SubscriberTests {
  static let samples = GoldenModels.noise(16_000)
  static let failure = SinkError.failed("full")

  static func run(
    _ subscribers: [any FrameSubscriber], options: PipelineOptions = PipelineOptions(),
    mode: Pipeline.Mode = .replay(.max(factor: 1))
  ) throws -> PipelineResult {
    // Many reads, so that a run that stops early is seen to.
    try Pipeline(
      source: TestSource([.samples(samples)], sampleRate: 16_000, readSizes: [160]), mode: mode,
      lanes: [try GoldenModels.lstm()], options: options
    ).run(subscribers)
  }

  @Test(
    "One that fails takes down only itself",
    arguments: [Pipeline.Mode.replay(.max(factor: 1)), .replay(.realtime(factor: 100)), .live])
  func failsAlone(mode: Pipeline.Mode) throws {
    var taken = 0
    var asked = 0
    let failing = ClosureSubscriber(keepsRunGoing: true) { record, _, _ in
      asked += 1
      if record.frame == 5 { throw Self.failure }
    }
    let other = ClosureSubscriber(keepsRunGoing: true) { _, _, _ in taken += 1 }
    let result = try Self.run([failing, other], mode: mode)
    #expect(asked == 6)
    #expect(taken == 98)
    #expect(result.subscriberFailures.map { $0 as? SinkError } == [Self.failure])
    #expect(!result.readerGone)
    #expect(!result.lostItsAudience)
    #expect(result.summary.lanes[0].frames == 98)
  }

  @Test(
    "When the last one that keeps the run going has failed the run ends, unless more was asked for")
  func endsTheRun() throws {
    func failing(_ error: SinkError) -> ClosureSubscriber {
      ClosureSubscriber(keepsRunGoing: true) { _, _, _ in throw error }
    }
    let ended = try Self.run([failing(.readerGone), ClosureSubscriber { _, _, _ in }])
    #expect(ended.readerGone && ended.stopped && ended.lostItsAudience)
    #expect(ended.subscriberFailures.isEmpty)
    #expect(ended.summary.lanes[0].frames < 10)
    let whole = try Self.run(
      [failing(.readerGone)], options: PipelineOptions(outlivesSubscribers: true))
    #expect(whole.readerGone && !whole.stopped)
    #expect(whole.summary.lanes[0].frames == 98)
  }

  @Test("Progress comes at once, and then as often as it is asked for")
  func progress() throws {
    var now: Int64 = 0
    let subscriber = MinuteWatch()
    _ = try Self.run(
      [subscriber],
      options: PipelineOptions(now: {
        now += 1_000_000_000
        return now
      }))
    #expect(subscriber.seconds.count > 3)
    #expect(try #require(subscriber.seconds.first) < 20)
    for (one, next) in zip(subscriber.seconds, subscriber.seconds.dropFirst()) {
      #expect((60..<120).contains(next - one), "\(one), \(next)")
    }
  }

  @Test(
    "Warnings of the reading thread are told by the thread that writes",
    arguments: [Pipeline.Mode.replay(.max(factor: 1)), .live])
  func warnings(mode: Pipeline.Mode) throws {
    let options = PipelineOptions()
    var told: [(String, Bool)] = []
    var withWords = options
    let writer = Thread.current
    withWords.warn = { told.append(($0, Thread.current === writer)) }
    let journal = options.journal
    let source = WarningSource(TestSource([.samples(Self.samples)], sampleRate: 16_000), journal)
    _ = try Pipeline(
      source: source, mode: mode, lanes: [try GoldenModels.lstm()], options: withWords
    ).run()
    #expect(told.map(\.0) == ["the device lost something"])
    #expect(told.map(\.1) == [true])
  }
}

/// Notes when it is told how far a run is.
private final class MinuteWatch: FrameSubscriber {
  var seconds: [Double] = []
  var wantsProgress: Bool { true }
  var progressInterval: Int64 { 60_000_000_000 }

  func frame(_ record: FrameRecord, time: Double, output: borrowing Span<Float>) {}
  func progress(_ progress: RunProgress) { seconds.append(progress.elapsedSeconds) }
}

/// A source that leaves a warning at its first read.
private final class WarningSource: SampleSource {
  private let source: TestSource
  private let journal: RunJournal
  private var hasWarned = false

  init(_ source: TestSource, _ journal: RunJournal) {
    self.source = source
    self.journal = journal
  }

  var sampleRate: Int? { source.sampleRate }
  var channelCount: Int { source.channelCount }
  var sampleCount: UInt64? { nil }

  func read(into buffer: UnsafeMutableBufferPointer<Float>) throws(SourceError) -> SourceEvent {
    if !hasWarned { journal.warn("the device lost something") }
    hasWarned = true
    return try unsafe source.read(into: buffer)
  }
}
