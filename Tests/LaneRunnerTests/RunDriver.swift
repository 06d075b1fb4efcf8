import Foundation
import LaneRunner
import LatencyLog
import StreamIO
import TestLanes

/// A run's result with what it wrote.
struct FinishedRun {
  let result: PipelineResult
  let outputs: String
  let log: String
  let trace: String

  func outputLines(of lane: String) -> [String] {
    outputs.split(separator: "\n").filter { $0.hasPrefix("{\"lane\":\"\(lane)\",") }
      .map(String.init)
  }
}

/// Runs a source through lanes with both files in a temporary folder.
func finishedRun(
  _ source: any SampleSource, lanes: [LaneSetup], mode: Pipeline.Mode = .replay(.max(factor: 1)),
  channel: Int? = nil,
  frameObserver: ((FrameRecord, Double, borrowing Span<Float>) -> Void)? = nil
) throws -> FinishedRun {
  let folder = FileManager.default.temporaryDirectory
    .appending(path: "lockstep-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let outputs = folder.appending(path: "outputs.ndjson").path
  let log = folder.appending(path: "log.ndjson").path
  let trace = folder.appending(path: "trace.json").path
  let pipeline = try Pipeline(
    source: source, mode: mode, lanes: lanes, options: PipelineOptions(channel: channel))
  let clock: RunClock = mode.isVirtual ? .virtual : .monotonic
  let files: [any FrameSubscriber] = [
    OutputSubscriber(try FileSink(path: outputs)),
    LogSubscriber(
      try FileSink(path: log), format: .ndjson, clock: clock, listsGaps: mode == .live),
    TraceSubscriber(try FileSink(path: trace)),
  ]
  let result = pipeline.run(files + (frameObserver.map { [ClosureSubscriber($0)] } ?? []))
  return FinishedRun(
    result: result, outputs: try String(contentsOfFile: outputs, encoding: .utf8),
    log: try String(contentsOfFile: log, encoding: .utf8),
    trace: try String(contentsOfFile: trace, encoding: .utf8))
}

/// Gives every frame to a closure.
final class ClosureSubscriber: FrameSubscriber {
  private let take: (FrameRecord, Double, borrowing Span<Float>) throws -> Void
  let keepsRunGoing: Bool

  init(
    keepsRunGoing: Bool = false,
    _ take: @escaping (FrameRecord, Double, borrowing Span<Float>) throws -> Void
  ) {
    self.keepsRunGoing = keepsRunGoing
    self.take = take
  }

  func frame(_ record: FrameRecord, time: Double, output: borrowing Span<Float>) throws {
    try take(record, time, output)
  }
}
