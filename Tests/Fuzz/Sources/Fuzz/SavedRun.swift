import CFuzzer
import Foundation
import LaneRunner
import LatencyLog
import ModelFiles
import Quality
import StreamCore
import StreamIO

/// A short run that was stopped and saved, which goes on from what the fuzzer makes of its snapshot.
///
/// Its snapshot is written by the run itself, when the fuzzer begins, so that it is never one of an older version. Used by
/// one thread.
final class SavedRun: @unchecked Sendable {
  /// What the fuzzer may begin with.
  private(set) var seed: [UInt8] = []
  private let folder: URL
  private let input: [UInt8]
  private let lanes: [LaneSetup]
  private let labels: Labels?
  private let stopFrame: UInt64
  /// What the files of results held where the snapshot was taken.
  private var written: [String: Data] = [:]
  private var facts: [Snapshot.Fact] = []
  private var laneNames: [String] { lanes.map(\.name) }

  private static let files = ["outputs", "log", "events", "trace"]

  private init(
    _ name: String, input: [UInt8], models: [String], givesTokens: Bool = false,
    labels: String? = nil, stopFrame: UInt64
  ) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "lockstep-fuzz-\(name)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    self.input = input
    lanes = try models.map { model in
      let file = try ModelFile(contentsOf: "Tests/Golden/\(model).model.safetensors")
      var lane = LaneSetup(name: model, file: file)
      if givesTokens { lane.tokens = CTCOptions(blank: 0, beam: 4) }
      return lane
    }
    self.labels = try labels.map { try Labels(bytes: Array($0.utf8), path: "labels") }
    self.stopFrame = stopFrame
    for file in Self.files { try Data().write(to: url(file)) }
    try run(from: nil)
    seed = Array(try Data(contentsOf: url("state")))
    facts = try Snapshot(contentsOf: url("state").path).facts
    for file in Self.files { written[file] = try Data(contentsOf: url(file)) }
  }

  private func url(_ file: String) -> URL { folder.appending(path: file) }

  /// Runs of sound that is resampled, of a table with stamps and labels, and of tokens: between them every kind
  /// of model, front end and subscriber that has a state.
  static func all() throws -> [SavedRun] {
    let sound = (0..<4_000).map { sin(Float($0) * 0.3) * sin(Float($0) * 0.001) * 0.5 }
    let rows = (0..<60).map { row in
      let values = (1...6).map { "\(sin(Double(row * $0) * 0.37))" }
      return "\(Double(row) / 50)," + values.joined(separator: ",")
    }
    let table = Array((["time,c0,c1,c2,c3,c4,c5"] + rows).joined(separator: "\n").utf8)
    return [
      try SavedRun(
        "sound", input: wav(sound, rate: 8_000),
        models: [
          "lstm-h20-l1-log-mel", "silero-w16-h9-samples", "chunk-l2-h2-d10-c4-left16-log-mel",
        ], stopFrame: 22),
      try SavedRun(
        "table", input: table,
        models: ["rnn-tanh-h20-l2-normaliser", "chunk-l2-h2-d6-c4-left16-normaliser"],
        labels: "start,end,label\n0,0.3,class 1\n0.3,0.9,class 2\n", stopFrame: 31),
      try SavedRun(
        "tokens", input: table, models: ["rnn-tanh-h20-l2-normaliser"], givesTokens: true,
        stopFrame: 31),
    ]
  }

  /// Goes on from a snapshot with this header and this state, whatever is in them, after its lengths and its
  /// checksum were put right: what is not one of this run's lanes is left to another one.
  func goOn(from bytes: [UInt8]) {
    do {
      let file = url("tried")
      try Data(Self.sealed(bytes)).write(to: file)
      var snapshot = try Snapshot(contentsOf: file.path)
      guard snapshot.lanes.map(\.name) == laneNames else { return }
      snapshot.facts = facts
      for (name, data) in written { try data.write(to: url(name)) }
      try run(from: snapshot)
    } catch {}
  }

  /// One whole run: without a snapshot to its stop, with one to its end.
  private func run(from snapshot: Snapshot?) throws {
    try FuzzTarget.withFile(input) { try run(SourceOptions().open($0), from: snapshot) }
  }

  private func run(_ source: any SampleSource, from snapshot: Snapshot?) throws {
    // Nothing is measured, so that a snapshot says the same on every machine.
    let options = PipelineOptions(now: { 0 })
    let mode = Pipeline.Mode.replay(.max(factor: 1))
    let pipeline = try Pipeline(source: source, mode: mode, lanes: lanes, options: options)
    let sinks = try Self.files.map { try FileSink(path: url($0).path) }
    var plan = SnapshotPlan()
    plan.sinks = sinks
    plan.interval = 200_000_000
    plan.file = try WholeFile(path: url(snapshot == nil ? "state" : "next").path)
    plan.stopFrame = snapshot == nil ? stopFrame : nil
    plan.resumed = snapshot.map { ($0, "snapshot") }
    pipeline.snapshots = plan
    var subscribers: [any FrameSubscriber] = [
      OutputSubscriber(sinks[0]),
      LogSubscriber(sinks[1], format: .ndjson, clock: .virtual, listsGaps: true),
      try EventSubscriber(sinks[2], lanes, labels: labels), TraceSubscriber(sinks[3]),
    ]
    if let labels { subscribers.append(try QualitySubscriber(lanes, labels: labels)) }
    let result = pipeline.run(subscribers)
    if let error = result.refusal ?? result.sourceFailure { throw error }
  }

  private static let magicLength = 16
  private static let prefixLength = magicLength + 16

  /// The file whose header is as long as it says, or as long as it can be, with the lengths and the checksum that
  /// hold for it.
  private static func sealed(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count > prefixLength + 64 else { return bytes }
    let content = bytes[prefixLength..<(bytes.count - 64)]
    let stated = (0..<4).reduce(0) { $0 | Int(bytes[magicLength + $1]) << (8 * $1) }
    let header = min(stated, content.count)
    var sealed = Array("LOCKSTEP STATE 1".utf8)
    for length in [header, content.count - header] {
      for shift in stride(from: 0, to: 64, by: 8) {
        sealed.append(UInt8(truncatingIfNeeded: length >> shift))
      }
    }
    sealed += content
    var hash = SHA256()
    hash.update(sealed)
    return sealed + Array(hash.hexadecimal.utf8)
  }

  /// A sound file of one channel of floats.
  private static func wav(_ samples: [Float], rate: UInt32) -> [UInt8] {
    func word<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
      (0..<(Number.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let data = samples.flatMap { word($0.bitPattern) }
    var format = Array("WAVEfmt ".utf8) + word(UInt32(16)) + word(UInt16(3)) + word(UInt16(1))
    format += word(rate) + word(4 * rate) + word(UInt16(4)) + word(UInt16(32))
    let body = format + Array("data".utf8) + word(UInt32(data.count)) + data
    return Array("RIFF".utf8) + word(UInt32(body.count)) + body
  }
}
