import Foundation
import LaneRunner
import LatencyLog
import StreamIO

/// A run's result with what it wrote.
struct FinishedRun {
  let result: RunResult
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
  _ source: any SampleSource, lanes: [LaneSetup], mode: RunOptions.Mode = .replay(.max(factor: 1)),
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
  let run = try Run(
    source: source, lanes: lanes,
    options: RunOptions(
      mode: mode, channel: channel, outputs: try FileSink(path: outputs),
      log: try FileSink(path: log), trace: try FileSink(path: trace),
      frameObserver: frameObserver))
  let result = run.run()
  return FinishedRun(
    result: result, outputs: try String(contentsOfFile: outputs, encoding: .utf8),
    log: try String(contentsOfFile: log, encoding: .utf8),
    trace: try String(contentsOfFile: trace, encoding: .utf8))
}
