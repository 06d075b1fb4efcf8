import StreamIO
import TestLanes
import Testing

@testable import LaneRunner

@Suite("Runs", .serialized)
struct RunTests {
  static let samples = GoldenModels.noise(24_000)

  static func run(
    _ lanes: [LaneSetup], readSizes: [Int] = [.max],
    mode: Pipeline.Mode = .replay(.max(factor: 1))
  ) throws -> FinishedRun {
    try finishedRun(
      TestSource([.samples(samples)], sampleRate: 16_000, readSizes: readSizes), lanes: lanes,
      mode: mode)
  }

  @Test("Every lane has floor((samples - window) / hop) + 1 frames and balanced books")
  func frameCount() throws {
    let run = try Self.run([GoldenModels.lstm(), GoldenModels.transformer()])
    #expect(run.result.summary.input.received == 24_000)
    for lane in run.result.summary.lanes {
      #expect(lane.frames == (24_000 - 400) / 160 + 1)
      #expect(lane.totals.consumed == UInt64(lane.frames - 1) * 160 + 400)
      #expect(lane.totals.consumed + lane.totals.tail == 24_000)
    }
    #expect(run.outputs.split(separator: "\n").count == 2 * 148)
    #expect(run.log.split(separator: "\n").count == 2 * 148)
  }

  @Test("An observer of frames gets what the files get, in their order")
  func frameObserver() throws {
    let lanes = try [GoldenModels.lstm(), GoldenModels.transformer()]
    var lines: [String] = []
    let run = try finishedRun(
      TestSource([.samples(Self.samples)], sampleRate: 16_000), lanes: lanes
    ) { record, time, output in
      let values = output.indices.map { output[$0].description }.joined(separator: ",")
      lines.append(
        "{\"lane\":\"\(lanes[record.lane].name)\",\"frame\":\(record.frame),"
          + "\"time\":\(time),\"output\":[\(values)]}")
    }
    #expect(lines.count == 2 * 148)
    #expect(lines.joined(separator: "\n") + "\n" == run.outputs)
  }

  @Test("The same lines whatever the split of the input, the number of lanes and the pace")
  func sameBytes() throws {
    let reference = try Self.run([GoldenModels.lstm(), GoldenModels.transformer()])
    #expect(!reference.outputs.isEmpty)
    for sizes in [[1], [3, 500, 1], [160], [4_095]] {
      let run = try Self.run(
        [GoldenModels.lstm(), GoldenModels.transformer()], readSizes: sizes)
      #expect(run.outputs == reference.outputs)
    }
    let alone = try Self.run([GoldenModels.transformer()])
    #expect(alone.outputLines(of: "transformer") == reference.outputLines(of: "transformer"))
    let three = try Self.run(
      [GoldenModels.transformer("a"), GoldenModels.lstm(), GoldenModels.transformer()])
    #expect(three.outputLines(of: "transformer") == reference.outputLines(of: "transformer"))
    for pace in [Pace.realtime(factor: 1), .realtime(factor: 4), .max(factor: 3)] {
      let run = try Self.run(
        [GoldenModels.lstm(), GoldenModels.transformer()], mode: .replay(pace))
      #expect(run.outputs == reference.outputs)
    }
  }

  @Test("Lines come in the order of (position, lane)")
  func order() throws {
    let run = try Self.run([GoldenModels.transformer("b"), GoldenModels.lstm("a")])
    let lanes = run.outputs.split(separator: "\n").map { $0.dropFirst(9).prefix(1) }
    #expect(lanes == (0..<296).map { $0 % 2 == 0 ? "b" : "a" })
  }

  @Test("A failing source: everything before it is in the output")
  func failure() throws {
    let error = SourceError(.badData, "sample 24000 is not finite")
    let run = try finishedRun(
      TestSource([.samples(Self.samples), .failure(error)], sampleRate: 16_000),
      lanes: [GoldenModels.lstm()])
    #expect(run.result.sourceFailure == error)
    #expect(run.outputs == (try Self.run([GoldenModels.lstm()])).outputs)
  }

  @Test("Lanes refuse another rate, other channels, and names that clash")
  func refusals() throws {
    let setup = try GoldenModels.lstm()
    #expect(throws: SourceError.self) {
      try Pipeline(
        source: TestSource([], sampleRate: 16_000), mode: .live, lanes: [setup, setup],
        options: PipelineOptions())
    }
    #expect(throws: SourceError.self) {
      try Pipeline(
        source: TestSource([], sampleRate: 16_000), mode: .live, lanes: [],
        options: PipelineOptions())
    }
  }

  @Test("Two channels are mixed down, or one of them is taken")
  func channels() throws {
    let stereo: [Float] = Self.samples.flatMap { [$0, 0.25] as [Float] }
    let mean: [Float] = Self.samples.map { ($0 + 0.25) / 2 }
    let mixed = try finishedRun(
      TestSource([.samples(stereo)], sampleRate: 16_000, channelCount: 2),
      lanes: [GoldenModels.lstm()])
    let expected = try finishedRun(
      TestSource([.samples(mean)], sampleRate: 16_000), lanes: [GoldenModels.lstm()])
    #expect(mixed.outputs == expected.outputs)
    let first = try finishedRun(
      TestSource([.samples(stereo)], sampleRate: 16_000, channelCount: 2),
      lanes: [GoldenModels.lstm()], channel: 0)
    #expect(first.outputs == (try Self.run([GoldenModels.lstm()])).outputs)
  }
}
