import ArgumentParser
import Foundation
import LaneRunner
import ModelFiles
import PlainText
import StreamIO

/// The options that say what a run saves of itself, and what it goes on from.
struct SnapshotOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Saves the run in this file every so often, and when a signal ends it, so that --resume goes on "
        + "from there; a kill at any moment leaves the last one.", valueName: "file"))
  var snapshot: String?

  @Option(
    help: ArgumentHelp(
      "How much of the input lies between two snapshots, such as 500ms or 10m; by default 10s.",
      valueName: "duration"))
  var snapshotEvery: String?

  @Option(
    help: ArgumentHelp(
      "Stops when the frame before this one of the first lane has entered, as if the input went on.",
      valueName: "frame"))
  var stopAt: UInt64?

  @Option(
    help: ArgumentHelp(
      "Goes on exactly where this snapshot was taken: --output, --log, --trace and --events are cut to what they held "
        + "then and continued. With --snapshot of the same name, a file that is not there yet begins afresh.",
      valueName: "file"))
  var resume: String?

  /// The first option that was given.
  var given: String? {
    let all: [(String, Bool)] = [
      ("--snapshot", snapshot != nil), ("--snapshot-every", snapshotEvery != nil),
      ("--stop-at", stopAt != nil), ("--resume", resume != nil),
    ]
    return all.first { $0.1 }?.0
  }

  /// The files that no result may replace.
  var files: [String] {
    snapshot == resume ? [snapshot].compactMap(\.self) : [snapshot, resume].compactMap(\.self)
  }

  /// What the options say, with the snapshot to go on from; nil where none was given.
  func plan(_ options: RunOptions, input: String, repetitions: Int) throws -> SnapshotPlan? {
    guard let given else { return nil }
    if repetitions > 1 {
      throw CommandFailure.usage("\(given): is for one run, --repeat makes several")
    }
    if snapshotEvery != nil, snapshot == nil {
      throw CommandFailure.usage("--snapshot-every: expected --snapshot with it")
    }
    if stopAt == 0 { throw CommandFailure.usage("--stop-at 0: expected at least 1") }
    var plan = SnapshotPlan()
    if let snapshotEvery {
      plan.interval = try DurationArgument.parse(
        snapshotEvery, of: "--snapshot-every", allowingLong: true)
    }
    plan.stopFrame = stopAt
    plan.command = CommandLine.arguments
    try checkNames(input)
    plan.file = try snapshot.map { try WholeFile(path: $0) }
    plan.resumed = try resumed()
    plan.facts = try facts(options, input)
    return plan
  }

  /// A snapshot has a file of its own, which can be replaced.
  private func checkNames(_ input: String) throws {
    for (option, path) in [("--snapshot", snapshot), ("--resume", resume)] {
      guard let path else { continue }
      guard StandardStream(path: path) == nil, FileIdentity.isRegular(path: path) else {
        throw CommandFailure.usage("\(option) \(path): is no regular file, expected one")
      }
      let taken =
        input == "-" ? FileIdentity(descriptor: STDIN_FILENO) : FileIdentity(path: input)
      if let taken, taken == FileIdentity(path: path) {
        throw CommandFailure.usage(
          "\(option) \(path): is the input of this run, expected a file of its own")
      }
    }
  }

  /// The snapshot to go on from; nil where there is none yet.
  private func resumed() throws -> (snapshot: Snapshot, name: String)? {
    guard let resume else { return nil }
    if let snapshot, FileIdentity(path: snapshot) == FileIdentity(path: resume),
      unsafe resume.withFileName({ unsafe access($0, F_OK) }) != 0
    {
      StandardError.note("\(resume): is not there yet, so that the run begins afresh")
      return nil
    }
    return (try Snapshot(contentsOf: resume), resume)
  }

  /// What a run has in common with those that go on from it, as far as the library does not know it.
  private func facts(_ options: RunOptions, _ input: String) throws -> [Snapshot.Fact] {
    let lines = options.input.lines
    let results = options.results
    func given(_ path: String?) -> String? { path.map { _ in "a file" } }
    return [
      Snapshot.Fact("the program", ToolVersion.text),
      Snapshot.Fact("the beginning of the input", Self.beginning(of: input)),
      Snapshot.Fact("--format", options.input.format),
      Snapshot.Fact("--rate", options.input.rate.map { "\($0)" }),
      Snapshot.Fact("--channels", options.input.channels.map { "\($0)" }),
      Snapshot.Fact("--columns", lines.columns),
      Snapshot.Fact("--no-header", lines.noHeader ? "given" : nil),
      Snapshot.Fact("--time-column", lines.timeColumn),
      Snapshot.Fact("--time-unit", lines.timeUnit),
      Snapshot.Fact("--bad-lines", lines.badLines),
      Snapshot.Fact("--labels", try options.labels.labels.map { try SHA256.ofFile($0) }),
      Snapshot.Fact("--output", results.writesSamples ? "samples" : given(results.output)),
      Snapshot.Fact("--log", results.log.map { $0.hasSuffix(".csv") ? "CSV" : "NDJSON" }),
      Snapshot.Fact("--rotate", results.rotate),
      Snapshot.Fact("--trace", given(results.trace)),
      Snapshot.Fact("--events", given(results.events)),
      Snapshot.Fact("--report", given(results.report)),
    ]
  }

  /// What tells one file from another without reading all of it: the hash of its first 64 KiB; nil for anything
  /// but a file.
  private static func beginning(of input: String) -> String? {
    guard input != "-", !InputHash(input).isReadOnce,
      let number = Optional(unsafe input.withFileName({ unsafe open($0, O_RDONLY) })), number >= 0
    else { return nil }
    let handle = FileHandle(fileDescriptor: number, closeOnDealloc: true)
    guard let data = try? handle.read(upToCount: 64 << 10) else { return nil }
    var hash = SHA256()
    hash.update(Array(data))
    return hash.hexadecimal
  }
}
