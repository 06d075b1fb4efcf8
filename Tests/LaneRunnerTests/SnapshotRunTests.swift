import LatencyLog
import StreamCore
import StreamIO
import TestLanes
import Testing

@testable import LaneRunner

/// A run that stops and goes on writes what one writes that does not stop.
@Suite("Snapshots of runs", .serialized)
struct SnapshotRunTests {
  static let noise = GoldenModels.noise(40_000)
  /// In a trace a gap stands where it came to light, which depends on how much is read at once.
  static let files = ["outputs.ndjson", "events.ndjson", "log.ndjson"]

  static func source(_ readSizes: [Int] = [.max]) -> TestSource {
    TestSource(
      [
        .samples(Array(noise[..<10_000])), .gap(3_000), .samples(Array(noise[10_000..<20_000])),
        .gap(20_000), .samples(Array(noise[20_000...])),
      ], sampleRate: 16_000, readSizes: readSizes)
  }

  static func lanes() throws -> [LaneSetup] {
    [try GoldenModels.transformer(), try GoldenModels.lstm()]
  }

  @Test(
    "At pace max every file is the same to the byte, wherever in a chunk it stopped",
    arguments: [1, 2, 3, 4, 5, 60, 61, 62, 63, 77, 78, 79, 250, 300])
  func paceMax(stop: UInt64) throws {
    let mode = Pipeline.Mode.replay(.max(factor: 1))
    let whole = try SnapshotFolder()
    let expected = try whole.run(
      Self.source(), lanes: Self.lanes(), mode: mode, .init(takes: false), standingClock: true)
    let folder = try SnapshotFolder()
    let first = try folder.run(
      Self.source(), lanes: Self.lanes(), mode: mode, .init(stopFrame: stop), standingClock: true)
    #expect(first.isAtStop && first.subscriberFailures.isEmpty)
    let snapshot = try Snapshot(contentsOf: folder.path("state"))
    #expect(snapshot.lanes[0].frame >= stop)
    let second = try folder.run(
      Self.source([1_000, 37]), lanes: Self.lanes(), mode: mode, .init(resumes: true),
      standingClock: true)
    #expect(second.refusal == nil && !second.isAtStop)
    for name in Self.files {
      #expect(try folder.bytes(name) == whole.bytes(name), "\(name)")
    }
    #expect(try Self.entries(folder.text("trace.json")) == Self.entries(whole.text("trace.json")))
    #expect(second.summary.input == expected.summary.input)
    for (lane, other) in zip(second.summary.lanes, expected.summary.lanes) {
      #expect(lane == other)
    }
  }

  /// The events of a trace, in any order.
  static func entries(_ trace: String) -> [String] {
    trace.split(separator: "\n").map { $0.last == "," ? String($0.dropLast()) : String($0) }
      .sorted()
  }

  @Test("A run is saved every so often, and what was written after that is cut off")
  func cutsOff() throws {
    let mode = Pipeline.Mode.replay(.max(factor: 1))
    let whole = try SnapshotFolder()
    _ = try whole.run(
      Self.source(), lanes: Self.lanes(), mode: mode, .init(takes: false), standingClock: true)
    let folder = try SnapshotFolder()
    // To the end: the last snapshot lies before it.
    _ = try folder.run(
      Self.source(), lanes: Self.lanes(), mode: mode, .init(interval: 500_000_000),
      standingClock: true)
    let snapshot = try Snapshot(contentsOf: folder.path("state"))
    #expect(snapshot.position > 16_000 && snapshot.position < 63_000)
    for name in Self.files {
      #expect(try folder.bytes(name) == whole.bytes(name))
      try folder.write(folder.bytes(name) + Array("what a killed run left\n".utf8), to: name)
    }
    _ = try folder.run(
      Self.source(), lanes: Self.lanes(), mode: mode, .init(resumes: true), standingClock: true)
    for name in Self.files { #expect(try folder.bytes(name) == whole.bytes(name), "\(name)") }
  }

  @Test(
    "On threads outputs and events are the same, and the log has every frame once",
    arguments: [Pipeline.Mode.replay(.realtime(factor: 20)), .live])
  func threads(mode: Pipeline.Mode) throws {
    let whole = try SnapshotFolder()
    let expected = try whole.run(
      Self.source(), lanes: Self.lanes(), mode: mode, .init(takes: false))
    for stop in [3, 61, 62, 79, 130] as [UInt64] {
      let folder = try SnapshotFolder()
      let first = try folder.run(
        Self.source([160]), lanes: Self.lanes(), mode: mode,
        .init(stopFrame: stop, interval: 100_000_000))
      #expect(first.isAtStop && first.subscriberFailures.isEmpty)
      let second = try folder.run(
        Self.source([320]), lanes: Self.lanes(), mode: mode,
        .init(interval: 100_000_000, resumes: true))
      #expect(second.refusal == nil)
      #expect(
        try sorted(folder.text("outputs.ndjson"), mode)
          == sorted(whole.text("outputs.ndjson"), mode))
      #expect(try folder.text("events.ndjson") == whole.text("events.ndjson"))
      #expect(try folder.frames().sorted() == whole.frames().sorted())
      #expect(second.summary.input.gaps == expected.summary.input.gaps)
      #expect(second.summary.input.received == expected.summary.input.received)
      for (lane, other) in zip(second.summary.lanes, expected.summary.lanes) {
        #expect(lane.frames == other.frames)
        #expect(lane.totals.consumed == other.totals.consumed)
        #expect(lane.totals.tail == other.totals.tail)
      }
    }
  }

  /// Live lanes answer in the order in which they happen to; each by itself writes the same.
  private func sorted(_ text: String, _ mode: Pipeline.Mode) -> [Substring] {
    let lines = text.split(separator: "\n")
    return mode == .live ? lines.sorted() : lines
  }

  @Test(
    "On threads a run that is saved writes what one writes that is not, whichever snapshot was the last"
  )
  func lastOnThreads() throws {
    let mode = Pipeline.Mode.replay(.realtime(factor: 20))
    let whole = try SnapshotFolder()
    _ = try whole.run(Self.source(), lanes: Self.lanes(), mode: mode, .init(takes: false))
    let folder = try SnapshotFolder()
    _ = try folder.run(
      Self.source(), lanes: Self.lanes(), mode: mode, .init(interval: 200_000_000))
    #expect(try folder.text("outputs.ndjson") == whole.text("outputs.ndjson"))
    let snapshot = try Snapshot(contentsOf: folder.path("state"))
    #expect(snapshot.position < 63_000)
    let second = try folder.run(
      Self.source(), lanes: Self.lanes(), mode: mode, .init(takes: false, resumes: true))
    #expect(second.refusal == nil)
    #expect(try folder.text("outputs.ndjson") == whole.text("outputs.ndjson"))
    #expect(try folder.frames() == whole.frames())
  }

  @Test("A run that is asked to stop is saved before it ends")
  func interrupted() throws {
    let mode = Pipeline.Mode.replay(.max(factor: 1))
    let whole = try SnapshotFolder()
    _ = try whole.run(
      Self.source([500]), lanes: Self.lanes(), mode: mode, .init(takes: false),
      standingClock: true)
    let folder = try SnapshotFolder()
    var asked = 0
    let first = try folder.run(
      Self.source([500]), lanes: Self.lanes(), mode: mode, .init(), standingClock: true
    ) {
      asked += 1
      return asked > 9
    }
    #expect(first.stopped)
    // The last chunk was released early; what goes on does not know of it.
    let second = try folder.run(
      Self.source([500]), lanes: Self.lanes(), mode: mode, .init(resumes: true),
      standingClock: true)
    #expect(second.refusal == nil)
    for name in Self.files { #expect(try folder.bytes(name) == whole.bytes(name), "\(name)") }
  }

  @Test("What cannot be saved, and another run's snapshot, are refused before anything is touched")
  func refusals() throws {
    let mode = Pipeline.Mode.replay(.max(factor: 1))
    let folder = try SnapshotFolder()
    let model = FakeModel { _, _ in }
    let source = TestSource([.samples(Array(Self.noise[..<500]))], sampleRate: 100)
    let refused = try folder.run(source, lanes: [model.lane()], mode: mode, .init())
    #expect(refused.refusal?.kind == .usage)
    #expect(
      refused.refusal?.message
        == "lane busy: its front end or its model has no way to save its state, expected no snapshots"
    )
    _ = try folder.run(
      Self.source(), lanes: Self.lanes(), mode: mode,
      .init(stopFrame: 50, facts: [Snapshot.Fact("--rate", "8000")]))
    let before = try Self.files.map { try folder.bytes($0) }
    func refusal(
      _ lanes: [LaneSetup], _ mode: Pipeline.Mode, facts: [Snapshot.Fact]? = nil,
      source: TestSource = Self.source()
    ) throws -> String? {
      let result = try folder.run(
        source, lanes: lanes, mode: mode,
        .init(resumes: true, facts: facts ?? [Snapshot.Fact("--rate", "8000")]))
      #expect(try Self.files.map { try folder.bytes($0) } == before)
      #expect(result.refusal.map { $0.kind == .badData } ?? true)
      return result.refusal?.message
    }
    let start = "state: is a snapshot of another run: "
    #expect(
      try refusal(Self.lanes(), mode, facts: [Snapshot.Fact("--rate", nil)])
        == start + "--rate was 8000, this run has none")
    #expect(
      try refusal(Self.lanes(), .replay(.max(factor: 2)))
        == start + "the pace was max:1.0, this run has max:2.0")
    #expect(
      try refusal(Self.lanes().reversed(), mode)
        == start + "the list of lanes was transformer, lstm, this run has lstm, transformer")
    #expect(
      try refusal([GoldenModels.transformer()], mode)
        == start + "the list of lanes was transformer, lstm, this run has transformer")
    var other = try GoldenModels.transformer()
    other.origin?.sha256 = "0123"
    let another = try refusal([other, GoldenModels.lstm()], mode)
    #expect(another?.hasPrefix(start + "the model of lane transformer was ") == true)
    #expect(another?.hasSuffix(", this run has 0123") == true)
    var late = try GoldenModels.transformer()
    late.deadline = 1_000
    #expect(
      try refusal([late, GoldenModels.lstm()], mode)?
        .hasSuffix("this run has 1000 ns") == true)
    #expect(
      try refusal(
        Self.lanes(), mode,
        source: TestSource([.samples(Array(Self.noise[..<5_000]))], sampleRate: 16_000))
        == "state: the input ends after 5000 samples, expected more than the 8240 before the snapshot"
    )
    try folder.write(Array(folder.bytes("outputs.ndjson").prefix(1_000)), to: "outputs.ndjson")
    let short = try folder.run(
      Self.source(), lanes: Self.lanes(), mode: mode,
      .init(resumes: true, facts: [Snapshot.Fact("--rate", "8000")]))
    #expect(short.refusal?.message.contains("outputs.ndjson: has ") == true)
  }
}
