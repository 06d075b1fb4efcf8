import Testing

@testable import LaneRunner

/// A file whose checksum holds may still say what no run has saved.
@Suite("Damaged states", .serialized)
struct DamagedStateTests {
  @Test(
    "Whatever a number of a state is, the run is refused or goes on: nothing traps",
    arguments: [UInt64.max, 1 << 61, UInt64((1 << 48) - 1), 9])
  func numbers(number: UInt64) throws {
    let mode = Pipeline.Mode.replay(.max(factor: 1))
    func run(_ folder: SnapshotFolder, _ task: SnapshotFolder.Task) throws -> PipelineResult {
      try folder.run(
        SnapshotRunTests.source(), lanes: SnapshotRunTests.lanes(), mode: mode, task,
        standingClock: true)
    }
    let folder = try SnapshotFolder()
    _ = try run(folder, .init(stopFrame: 77))
    let good = try Snapshot(contentsOf: folder.path("state"))
    let names = SnapshotRunTests.files + ["trace.json"]
    let files = try names.map { try folder.bytes($0) }
    var (refused, ended) = (0, 0)
    for section in good.sections.indices {
      let words = good.sections[section].count / 8
      // A lane's own numbers come last, behind what its model remembers.
      let tried =
        section == 0 || section == good.sections.count - 1
        ? Array(stride(from: 0, to: words, by: max(1, words / 30))) : Array((0..<words).suffix(30))
      for word in tried {
        var bad = good
        for byte in 0..<8 {
          bad.sections[section][8 * word + byte] = UInt8(truncatingIfNeeded: number >> (8 * byte))
        }
        for (name, bytes) in zip(names, files) { try folder.write(bytes, to: name) }
        try folder.write(bad.bytes, to: "state")
        let result = try run(folder, .init(takes: false, resumes: true))
        if result.refusal == nil { ended += 1 } else { refused += 1 }
      }
    }
    #expect(refused > 10 && ended > 10)
  }
}
