import Foundation
import LatencyLog
import StreamIO
import TestLanes

@testable import LaneRunner

/// A folder with a snapshot and the files that it counts on, and runs that begin, stop and go on there.
final class SnapshotFolder {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "lockstep-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: path(name), encoding: .utf8)
  }

  func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appending(path: name)))
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: folder.appending(path: name))
  }

  /// Where the log lines say that frames are: without times, which no two runs share.
  func frames() throws -> [String] {
    try text("log.ndjson").split(separator: "\n").map {
      $0.components(separatedBy: ",\"arrival_ns\"")[0]
    }
  }

  /// What a run is to do about snapshots.
  struct Task {
    var stopFrame: UInt64?
    var interval: Int64 = 10_000_000_000
    var takes = true
    var resumes = false
    var facts: [Snapshot.Fact] = []
  }

  /// A run over a source, with outputs, log, events and trace in the folder.
  func run(
    _ source: any SampleSource, lanes: [LaneSetup], mode: Pipeline.Mode, _ task: Task,
    standingClock: Bool = false, isStopped: @escaping () -> Bool = { false }
  ) throws -> PipelineResult {
    var options = PipelineOptions(isStopped: isStopped)
    if standingClock { options.now = { 0 } }
    let pipeline = try Pipeline(source: source, mode: mode, lanes: lanes, options: options)
    let outputs = try FileSink(path: path("outputs.ndjson"))
    let log = try FileSink(path: path("log.ndjson"))
    let events = try FileSink(path: path("events.ndjson"))
    let trace = try FileSink(path: path("trace.json"))
    var plan = SnapshotPlan()
    plan.sinks = [outputs, log, events, trace]
    plan.stopFrame = task.stopFrame
    plan.interval = task.interval
    plan.facts = task.facts
    if task.takes { plan.file = try WholeFile(path: path("state")) }
    if task.resumes { plan.resumed = (try Snapshot(contentsOf: path("state")), "state") }
    pipeline.snapshots = plan
    return pipeline.run([
      OutputSubscriber(outputs),
      LogSubscriber(
        log, format: .ndjson, clock: mode.isVirtual ? .virtual : .monotonic,
        listsGaps: mode == .live),
      try EventSubscriber(events, lanes, labels: nil), TraceSubscriber(trace),
    ])
  }
}
