import LatencyLog
import Results
import StreamCore
import StreamIO
import TestLanes
import Testing

@testable import LaneRunner

/// Lanes with a twin beside them: what it finds, and that it changes nothing.
@Suite("Twins: runs", .serialized)
struct TwinRunTests {
  static let max = Pipeline.Mode.replay(.max(factor: 1))

  /// What the twin of a lane found over a source of 100 Hz.
  static func twin(
    of model: RecursiveModel, frames: Int, over parts: [TestSource.Part],
    mode: Pipeline.Mode = max
  ) throws -> TwinSummary {
    let run = try Pipeline(
      source: TestSource(parts, sampleRate: 100, readSizes: [37]), mode: mode,
      lanes: [model.lane(twinFrames: frames)], options: PipelineOptions()
    ).run()
    #expect(run.sourceFailure == nil && run.refusal == nil)
    return try #require(run.summary.lanes[0].twin)
  }

  static func ones(_ count: Int) -> [TestSource.Part] {
    [.samples([Float](repeating: 1, count: count))]
  }

  @Test("A state that fades agrees when its past has faded, and not a frame before")
  func fades() throws {
    // The lane's state is near 10: 10 * 0.9^66 is the first of less than 0.01.
    let twin = try Self.twin(of: RecursiveModel(keeps: 0.9), frames: 200, over: Self.ones(1_050))
    #expect(twin.period == 2)
    #expect(twin.restarts == 5 && twin.periods == 4 && twin.periodsApart == 0)
    #expect(twin.agreement.max == 650_000_000)
    #expect(try #require(twin.difference.max) < 1e-5)
    #expect(twin.lostFrames == 0)
    // The last tenth begins with frame 59: too soon.
    let short = try Self.twin(of: RecursiveModel(keeps: 0.9), frames: 65, over: Self.ones(1_050))
    #expect(short.periods == 15 && short.periodsApart == 15)
    #expect(short.agreement.max == nil)
    let expected = 10 * (1 - Float(0.9).raised(to: 65)) * Float(0.9).raised(to: 60)
    #expect(abs(try #require(short.difference.first) - expected) < 1e-3)
  }

  @Test("A state that only grows never agrees: the lane is ahead by all that was before")
  func grows() throws {
    let twin = try Self.twin(of: RecursiveModel(keeps: 1), frames: 100, over: Self.ones(1_234))
    #expect(twin.restarts == 12 && twin.periods == 11 && twin.periodsApart == 11)
    #expect(twin.difference.first == 100 && twin.difference.last == 1_100)
    #expect(twin.difference.max == 1_100 && twin.difference.maxSeconds == 12)
    #expect(twin.difference.p50 == nil && twin.agreement.max == nil)
  }

  @Test("The first period counts for nothing: lane and twin are of one age")
  func first() throws {
    let twin = try Self.twin(of: RecursiveModel(keeps: 1), frames: 100, over: Self.ones(199))
    #expect(twin.restarts == 1 && twin.periods == 0 && twin.difference.max == nil)
    let whole = try Self.twin(of: RecursiveModel(keeps: 1), frames: 100, over: Self.ones(200))
    #expect(whole.periods == 1 && whole.difference.max == 100)
  }

  @Test(
    "Outputs are paired by their frames, whatever is missing and whatever waits for later frames",
    arguments: [0, 1, 3], [max, Pipeline.Mode.replay(.realtime(factor: 20))])
  func pairing(lookAhead: Int, mode: Pipeline.Mode) throws {
    // A model without memory: any other frame's output would differ.
    let noise = GoldenModels.noise(1_000)
    let parts: [TestSource.Part] = [
      .samples(Array(noise[..<333])), .gap(50), .samples(Array(noise[333..<601])), .gap(700),
      .samples(Array(noise[601...])),
    ]
    let model = RecursiveModel(keeps: 0, lookAhead: lookAhead)
    let twin = try Self.twin(of: model, frames: 20, over: parts, mode: mode)
    // Of 651 frames before the long gap and 399 after it the first 20 count for nothing.
    #expect(twin.periods == 31 + 18 && twin.periodsApart == 0)
    #expect(twin.difference.max == 0 && twin.agreement.max == 0 && twin.lostFrames == 0)
  }

  @Test("After a gap of more than a second both are new, and that period counts for nothing")
  func longGap() throws {
    let parts = Self.ones(250) + [.gap(500)] + Self.ones(350)
    let twin = try Self.twin(of: RecursiveModel(keeps: 1), frames: 100, over: parts)
    // Frames 100 to 199; after the gap the second and the third hundred.
    #expect(twin.periods == 3 && twin.restarts == 6)
    #expect(twin.difference.first == 100 && twin.difference.last == 200)
  }

  @Test("An LSTM comes to agree with its twin; a Transformer does to the bit, after its window")
  func models() throws {
    var (lstm, transformer) = (try GoldenModels.lstm(), try GoldenModels.transformer())
    var short = try GoldenModels.transformer("short")
    lstm.twinPeriod = 1_000_000_000
    transformer.twinPeriod = 1_000_000_000
    short.twinPeriod = 40_000_000
    let run = try Pipeline(
      source: TestSource([.samples(GoldenModels.noise(160_000))], sampleRate: 16_000),
      mode: Self.max, lanes: [lstm, transformer, short], options: PipelineOptions()
    ).run()
    let twins = try run.summary.lanes.map { try #require($0.twin) }
    #expect(twins[0].periods == 8 && twins[0].periodsApart == 0)
    let agreed = try #require(twins[0].agreement.max)
    #expect((10_000_000..<500_000_000).contains(agreed))
    // Two layers that see 16 frames before each chunk of 4.
    #expect(twins[1].periods == 8 && twins[1].difference.max == 0)
    #expect(try #require(twins[1].agreement.max) <= 2 * (16 + 4) * 10_000_000)
    // One chunk is not the window.
    #expect(twins[2].period == 0.04 && twins[2].periods > 200)
    #expect(try #require(twins[2].difference.max) > 0.001)
  }

  @Test("A chunk that waits for a frame behind it begins anew like any other")
  func spliced() throws {
    let model = try GoldenModels.transformer().model
    let spliced = SplicedModel(model: model, splice: try Splice(left: 0, right: 1))
    let channels = spliced.inputSize
    var lane = LaneSetup(
      name: "spliced", model: spliced,
      frontEnd: NoFrontEnd(sampleRate: 100, channels: channels),
      labels: (0..<model.outputSize).map { "\($0)" }, architecture: "test")
    lane.twinPeriod = 1_000_000_000
    let noise = GoldenModels.noise(1_003 * channels)
    let source = TestSource([.samples(noise)], sampleRate: 100, channelCount: channels)
    let summary = try Pipeline(
      source: source, mode: Self.max, lanes: [lane], options: PipelineOptions()
    ).run().summary.lanes[0]
    #expect(summary.frames == 1_003)
    let twin = try #require(summary.twin)
    #expect(twin.periods == 9 && twin.difference.max == 0)
    #expect(try #require(twin.agreement.max) > 0)
  }

  @Test(
    "Outputs, log and records are those of a run without twins",
    arguments: [max, Pipeline.Mode.replay(.realtime(factor: 20)), .live])
  func sameBytes(mode: Pipeline.Mode) throws {
    func run(twins: Bool) throws -> FinishedRun {
      var lanes = [try GoldenModels.transformer(), try GoldenModels.lstm()]
      if twins { for index in lanes.indices { lanes[index].twinPeriod = 500_000_000 } }
      let noise = GoldenModels.noise(48_000)
      let source = TestSource(
        [.samples(noise), .gap(20_000), .samples(Array(noise[..<9_999]))], sampleRate: 16_000)
      return try finishedRun(source, lanes: lanes, mode: mode)
    }
    let (with, without) = (try run(twins: true), try run(twins: false))
    for lane in ["lstm", "transformer"] {
      #expect(with.outputLines(of: lane) == without.outputLines(of: lane))
    }
    if mode != .live { #expect(with.outputs == without.outputs) }
    #expect(with.log.split(separator: "\n").count == without.log.split(separator: "\n").count)
    #expect(with.result.summary.lanes.map(\.frames) == without.result.summary.lanes.map(\.frames))
    #expect(with.result.summary.lanes.allSatisfy { $0.twin?.periods ?? 0 > 0 })
    #expect(without.result.summary.lanes.allSatisfy { $0.twin == nil })
  }

  @Test("No frame waits for a twin, however long its calls take")
  func times() throws {
    func lane(twin: Int64?) throws -> LaneSummary {
      let clock = TestClock()
      var setup = FakeModel(clock) { _, call in call == 500 ? 200_000_000 : 6_000_000 }.lane()
      setup.twinPeriod = twin
      var summary = try Pipeline(
        source: TestSource(Self.ones(1_100), sampleRate: 100), mode: Self.max, lanes: [setup],
        options: PipelineOptions(now: clock.now)
      ).run().summary.lanes[0]
      #expect((summary.twin != nil) == (twin != nil))
      summary.twin = nil
      return summary
    }
    let (with, without) = (try lane(twin: 1_000_000_000), try lane(twin: nil))
    #expect(with == without && with.response.max == 200_000_000)
  }
}

extension Float {
  fileprivate func raised(to power: Int) -> Float {
    (0..<power).reduce(1) { product, _ in product * self }
  }
}
