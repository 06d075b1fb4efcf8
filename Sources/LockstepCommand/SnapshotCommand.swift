import ArgumentParser
import LaneRunner
import ModelFiles
import PlainText

struct SnapshotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot", abstract: "Looks into the snapshots of runs.",
    subcommands: [Info.self])

  struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints where a run was, and what goes on from there must be.")

    @Argument(help: "What --snapshot of replay or live wrote.")
    var file: String

    func run() throws {
      try reportingFailures {
        try StandardOutput.write(
          ModelDescription(Snapshot(contentsOf: file)).text)
      }
    }
  }
}

extension ModelDescription {
  /// What is in a snapshot, in the same form as what is in a model file.
  fileprivate init(_ snapshot: Snapshot) {
    func bytes(_ count: Int) -> String { "\(count.grouped) bytes" }
    let rows: [(name: String, lines: [String])] = [
      ("written", [snapshot.written]),
      ("command", [snapshot.command.joined(separator: " ")]),
      (
        "position",
        [
          "\(Int(clamping: snapshot.position).grouped) samples, "
            + DurationText.format(Int64(snapshot.seconds * 1e9))
        ]
      ),
      (
        "lanes",
        snapshot.lanes.map {
          "\($0.name) at frame \(Int(clamping: $0.frame).grouped), state \(bytes($0.byteCount))"
        }
      ),
      (
        "files",
        snapshot.files.isEmpty
          ? ["none"]
          : snapshot.files.map { "\($0.name) \($0.byteCount.map(bytes) ?? "cannot be cut")" }
      ),
      ("state", [bytes(snapshot.stateByteCount)]),
      (
        "must be the same",
        snapshot.facts.filter { !$0.value.isEmpty }.map { "\($0.name): \($0.value)" }
      ),
    ]
    self.init(rows: rows.map { Row($0.name, $0.lines.map(\.printable)) })
  }
}
