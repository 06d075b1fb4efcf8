import Foundation
import LaneRunner
import ModelFiles
import Quality
import Results
import StreamIO
import TestLanes
import Testing

@testable import Experiments

@Suite struct SweepTests {
  private static let lstm = GoldenModels.path("lstm-h20-l1-log-mel")
  private static let chunked = GoldenModels.path("chunk-l2-h2-d10-c4-left16-log-mel")
  private static let samples = GoldenModels.noise(32_000)

  private func plan(
    _ axes: SweepAxes, models: [ModelChoice]? = nil
  ) throws(ModelFileError) -> SweepPlan {
    try SweepPlan(
      models ?? [
        ModelChoice(name: "lstm", path: Self.lstm),
        ModelChoice(name: "chunked", path: Self.chunked),
      ], axes: axes)
  }

  private func sweep(
    _ plan: SweepPlan, labels: Labels? = nil, options: SweepOptions = SweepOptions(repetitions: 2),
    opening: @escaping () throws(SourceError) -> any SampleSource = {
      TestSource([.samples(SweepTests.samples)], sampleRate: 16_000)
    }
  ) throws -> SweepResult {
    var sweep = try Sweep(plan, labels: labels, options: options, opening: opening)
    return try sweep.run()
  }

  @Test func pointsAreAllThatTheModelsAllow() throws {
    let plan = try plan(
      SweepAxes(chunkSizes: [4, 3], leftContexts: [8, 16, 17], precisions: [.f32, .int8]))
    #expect(
      plan.points.map(\.setting.name) == [
        "lstm,precision=f32", "lstm,precision=int8",
        "chunked,chunk=4,left-context=8,precision=f32",
        "chunked,chunk=4,left-context=8,precision=int8",
        "chunked,chunk=4,left-context=16,precision=f32",
        "chunked,chunk=4,left-context=16,precision=int8",
      ])
    #expect(
      plan.refusals == [
        "model file \(Self.chunked) does not allow left context 17, expected 0 to 16",
        "model file \(Self.chunked) does not allow chunk 3, expected one of 4",
      ])
  }

  @Test func withoutAxesEachModelRunsAsItsFileSays() throws {
    #expect(
      try plan(SweepAxes()).points.map(\.setting.name) == [
        "lstm,precision=f32", "chunked,chunk=4,left-context=16,precision=f32",
      ])
  }

  @Test func aModelsOwnSettingStandsInPlaceOfTheAxis() throws {
    let model = ModelChoice(name: "c", path: Self.chunked, leftContext: 0, precision: .bf16)
    #expect(
      try plan(SweepAxes(leftContexts: [8, 16], precisions: [.f32, .int8]), models: [model])
        .points.map(\.setting.name) == ["c,chunk=4,left-context=0,precision=bf16"])
    let wrong = ModelChoice(name: "c", path: Self.chunked, chunkSize: 3)
    let error = #expect(throws: ModelFileError.self) {
      _ = try plan(SweepAxes(), models: [wrong])
    }
    #expect(error?.kind == .usage)
  }

  @Test func nothingLeftIsARefusal() throws {
    let error = #expect(throws: ModelFileError.self) {
      _ = try plan(
        SweepAxes(chunkSizes: [3]), models: [ModelChoice(name: "c", path: Self.chunked)])
    }
    #expect(error?.kind == .usage)
    #expect(error?.reason == "chunk 3, expected one of 4")
  }

  /// What a sweep says of a point is what a run of that lane alone says.
  @Test func aPointIsARunOfItsLaneAlone() throws {
    let labels = try Labels(bytes: Array("start,end\n0.2,0.9\n1.5,1.8\n".utf8), path: "labels")
    let result = try sweep(try plan(SweepAxes(leftContexts: [8])), labels: labels)
    let summary = try #require(result.summary)
    #expect(summary.repetitions == 2)
    #expect(summary.input.received == 32_000)
    for point in summary.points {
      let file = try ModelFile(
        contentsOf: point.setting.path, leftContext: point.setting.leftContext)
      let lane = LaneSetup(name: "alone", file: file)
      let quality = try QualitySubscriber([lane], labels: labels)
      var run = try Pipeline(
        source: TestSource([.samples(Self.samples)], sampleRate: 16_000),
        mode: .replay(.max(factor: 1)), lanes: [lane], options: PipelineOptions()
      ).run([quality])
      quality.complete(&run.summary)
      let alone = run.summary.lanes[0]
      #expect(point.firstRun.quality == alone.quality)
      #expect(point.firstRun.quality?.auc != nil)
      #expect(point.firstRun.frames == alone.frames)
      #expect(point.firstRun.algorithmicLatency == alone.algorithmicLatency)
      #expect(point.firstRun.stateBytes == alone.stateBytes)
      #expect(point.firstRun.weightBytes == alone.weightBytes)
      #expect(point.firstRun.macsPerFrame == alone.macsPerFrame)
      #expect(point.setting.parameters == file.parameterCount)
      // 198 frames after a warm-up of 100: no p90 yet for 98, p50 from 20 on.
      #expect(point.response.p50 != nil && point.response.p90 == nil)
    }
    #expect(summary.front == SweepFront(latency: .p50, merit: .auc))
    #expect(summary.points.contains { $0.standing == .on })
  }

  @Test func frameArriveFasterByTheFactor() throws {
    let options = SweepOptions(factor: 4, repetitions: 1)
    let summary = try #require(try sweep(try plan(SweepAxes()), options: options).summary)
    // Three frames of 10 ms, four times faster.
    #expect(summary.points[1].firstRun.algorithmicLatency == 7_500_000)
    #expect(summary.factor == 4)
  }

  @Test func progressGoesUpToTheEnd() throws {
    var shares: [Double] = []
    let options = SweepOptions(repetitions: 3, progress: { shares.append($0) })
    _ = try sweep(try plan(SweepAxes()), options: options)
    #expect(shares.first == 0)
    #expect(shares == shares.sorted())
    #expect(try #require(shares.last) >= 5.0 / 6 && shares.last ?? 2 <= 1)
  }

  @Test func aStopKeepsWholeRepetitions() throws {
    for (opened, repetitions) in [(1, nil), (2, nil), (3, 1), (4, 1), (5, 2)] as [(Int, Int?)] {
      var count = 0
      let result = try sweep(
        try plan(SweepAxes()),
        options: SweepOptions(repetitions: 4, isStopped: { count >= opened })
      ) {
        count += 1
        return TestSource([.samples(SweepTests.samples)], sampleRate: 16_000)
      }
      #expect(result.stopped)
      #expect(result.summary?.repetitions == repetitions, "stopped in run \(opened)")
    }
  }

  @Test func aFailingInputIsReportedAfterWhatItHad() throws {
    let failure = SourceError(.badData, "broken")
    let result = try sweep(try plan(SweepAxes())) {
      TestSource([.samples(SweepTests.samples), .failure(failure)], sampleRate: 16_000)
    }
    #expect(result.sourceFailure == failure)
    #expect(result.summary?.points.map(\.firstRun.frames) == [198, 198])
  }

  @Test func labelsOfAnotherModelAreRefusedBeforeAnyRun() throws {
    let labels = try Labels(bytes: Array("start,end,label\n0,1,PEN\n".utf8), path: "labels")
    let plan = try plan(SweepAxes())
    let error = #expect(throws: LabelError.self) {
      _ = try Sweep(plan, labels: labels, options: SweepOptions()) { () throws(SourceError) in
        throw SourceError(.usage, "opened")
      }
    }
    #expect(error?.description.hasSuffix("(lane lstm,precision=f32)") == true)
  }
}
