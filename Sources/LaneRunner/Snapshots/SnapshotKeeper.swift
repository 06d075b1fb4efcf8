import Foundation
import LatencyLog
import PlainText
import StreamCore
import StreamIO

/// Writes the snapshots of a run, and brings a run to where one was taken. Used by the writer's thread.
final class SnapshotKeeper {
  private let plan: SnapshotPlan
  private let lanes: [Lane]
  private let writer: Writer
  private let sampleRate: Int
  private let facts: [Snapshot.Fact]
  /// Bytes that the copies of all states may take.
  private let memoryLeft: Int
  /// What kept a snapshot from being written; then no other one is.
  private(set) var failure: (any Error)?
  /// Samples from one snapshot to the next.
  let interval: UInt64

  init(_ plan: SnapshotPlan, lanes: [Lane], writer: Writer, source: SourceFacts, memoryLeft: Int) {
    self.plan = plan
    self.lanes = lanes
    self.writer = writer
    sampleRate = source.rate
    self.memoryLeft = memoryLeft
    let names = lanes.map(\.description.name).joined(separator: ", ")
    facts =
      plan.facts + source.facts + [Snapshot.Fact("the list of lanes", names)]
      + lanes.flatMap { Self.facts(of: $0) }
    interval = UInt64(max(1, (Double(plan.interval) / 1e9 * Double(source.rate)).rounded()))
  }

  /// Whether a snapshot is to be written.
  var isActive: Bool { plan.file != nil && failure == nil && !writer.hasFailed }

  /// What is known of a run's source.
  struct SourceFacts {
    var rate: Int
    var facts: [Snapshot.Fact]
  }

  // MARK: Before the first frame

  /// Makes room for snapshots, and goes on from the one that the run goes on from. Throws `usage` for what
  /// cannot be saved, `badData` for a snapshot of another run, and what keeps the feed from coming there;
  /// no file has been touched then.
  func begin(_ feed: any Feed, isStopped: () -> Bool) throws(SourceError) {
    if plan.file != nil {
      try makeRoom()
      guard StateArchive.measure({ exchangeWriter(with: &$0) }) != nil else {
        throw SourceError(
          .usage,
          "what takes this run's results has no way to save its state, expected no snapshots")
      }
    }
    guard let (snapshot, name) = plan.resumed else { return }
    func refusal(_ what: String) -> SourceError { SourceError(.badData, "\(name): \(what)") }
    if let difference = snapshot.difference(from: facts) {
      throw refusal("is a snapshot of another run: \(difference)")
    }
    guard snapshot.sections.count == lanes.count + 2 else {
      throw refusal("is a snapshot of a run with other lanes")
    }
    do throws(StateDefect) {
      for (lane, section) in zip(lanes, snapshot.sections.dropFirst()) {
        try lane.restore(section)
      }
      let last = snapshot.sections[lanes.count + 1]
      try StateArchive.restore(from: last.span) { exchangeWriter(with: &$0) }
    } catch {
      throw refusal("\(error)")
    }
    for sink in plan.sinks { try sink.checkContinued() }
    do throws(SourceError) {
      try feed.goOn(snapshot.sections[0], isStopped: isStopped)
    } catch {
      throw error.kind == .badData ? refusal(error.message) : error
    }
    for lane in lanes where lane.state.position != feed.position {
      throw refusal(
        "lane \(lane.description.name) is at sample \(lane.state.position), expected it at "
          + "\(feed.position) as the input is")
    }
  }

  /// Makes room for a copy of each lane's state, all of them together or none.
  private func makeRoom() throws(SourceError) {
    var sum = 0
    for lane in lanes {
      guard let byteCount = lane.snapshotByteCount else {
        throw SourceError(
          .usage,
          "lane \(lane.description.name): its front end or its model has no way to save its state, "
            + "expected no snapshots")
      }
      sum += byteCount
    }
    guard sum <= memoryLeft else {
      throw SourceError(
        .memory,
        "snapshots take \(ByteCountText.binary(sum)) more: expected at most the "
          + "\(ByteCountText.binary(memoryLeft)) that state and weights leave of --memory-limit")
    }
    for lane in lanes { lane.makeRoomForSnapshots() }
  }

  // MARK: While it runs

  /// Whether every lane has come to the snapshot that is due.
  var allLanesMarked: Bool { lanes.allSatisfy(\.results.isMarked) }

  /// Writes a snapshot of lanes that have saved their states, all of whose results up to there have been
  /// written as far as their turn has come; then the lanes' later results go on.
  func take(at position: UInt64, reader: [UInt8]) {
    defer { for lane in lanes { lane.results.release() } }
    guard isActive, let file = plan.file else { return }
    do {
      for sink in plan.sinks { try settle(sink) }
      try file.writeDurably(snapshot(at: position, reader: reader).bytes)
    } catch {
      failure = error
    }
  }

  /// A reader that has gone takes nothing more, but the other files go on.
  private func settle(_ sink: FileSink) throws(SinkError) {
    do throws(SinkError) {
      try sink.settle()
    } catch .readerGone {
      return
    } catch {
      throw error
    }
  }

  private func snapshot(at position: UInt64, reader: [UInt8]) -> Snapshot {
    var snapshot = Snapshot()
    snapshot.facts = facts
    snapshot.written = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    snapshot.command = plan.command
    snapshot.position = position
    snapshot.sampleRate = sampleRate
    snapshot.lanes = lanes.map {
      Snapshot.Lane(
        name: $0.description.name, frame: $0.saved.frame, byteCount: $0.saved.count)
    }
    snapshot.files = plan.sinks.map {
      Snapshot.File(name: $0.name, byteCount: $0.byteCount.map(Int.init))
    }
    let last = StateArchive.bytes { exchangeWriter(with: &$0) } ?? []
    snapshot.sections = [reader] + lanes.map(\.saved.bytes) + [last]
    return snapshot
  }

  /// Results that wait for their turn, what subscribers remember, and how long the files are.
  private func exchangeWriter(with archive: inout StateArchive) {
    for lane in lanes {
      lane.results.exchange(with: &archive, lane: lane.index, nextFrame: lane.saved.frame)
    }
    writer.exchange(with: &archive)
    for sink in plan.sinks { sink.exchange(with: &archive) }
  }

  /// What makes a lane's outputs and its records what they are.
  private static func facts(of lane: Lane) -> [Snapshot.Fact] {
    let description = lane.description
    let grid = lane.grid
    func fact(_ name: String, _ value: String?) -> Snapshot.Fact {
      Snapshot.Fact("the \(name) of lane \(description.name)", value)
    }
    return [
      fact("model", description.model?.sha256 ?? description.architecture),
      fact("chunk", description.chunkSize.map { "\($0)" }),
      fact("left context", description.leftContext.map { "\($0)" }),
      fact("beam", description.beam.map { "\($0)" }),
      fact("precision", description.precision),
      fact("precision of keys and values", description.kv),
      fact("deadline", "\(description.deadline) ns"),
      fact(
        "front end",
        "\(grid.sampleRate) Hz, window \(grid.window), hop \(grid.hop), "
          + "\(lane.mixer.outputChannels) channels"),
    ]
  }
}
