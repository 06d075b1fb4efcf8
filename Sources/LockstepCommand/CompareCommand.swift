import ArgumentParser
import PlainText
import Quality
import Reporting
import Results
import StreamIO

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Holds runs against each other: summaries or logs side by side.",
    discussion: """
      For each lane of one name the figures of all files, and their differences and ratios to the \
      first; of logs also paired intervals. What else differs, such as a model or a machine, is \
      named.
      """)

  @Argument(
    help: "Summaries or logs of replay, live or measure; two at least, the first is held against.")
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "A condition on the last file, such as 'p99 <= 1.1x' (times the first file's) or "
        + "'p99 < 20ms'; exit 3 if it does not hold.", valueName: "condition"))
  var require: [String] = []

  @Option(help: ArgumentHelp("The comparison as JSON.", valueName: "file"))
  var summary: String?

  private var resultOptions: ResultOptions {
    ResultOptions(summary: summary, report: nil, require: require)
  }

  func run() throws {
    try reportingFailures {
      guard files.count > 1 else {
        throw CommandFailure.usage("\(files[0]): expected another file to compare it with")
      }
      guard files.filter({ $0 == "-" }).count < 2 else {
        throw CommandFailure.usage("-: standard input is read once, expected it once")
      }
      try Session.run(resultOptions) { interruption in
        var comparison = Comparison(try files.map { try read($0, interruption) })
        comparison.pair()
        return Session.Plan(
          lanes: comparison.judged.names, hasLabels: true, comparesFiles: true, inputs: files
        ) { _ in
          outcome(of: comparison)
        }
      }
    }
  }

  private func read(_ path: String, _ interruption: Interruption) throws -> ComparedFile {
    let bytes = try InputDescriptor.contents(
      of: path == "-" ? "/dev/stdin" : path, expected: "a summary or a log",
      isStopped: { interruption.isRequested })
    do {
      return try ComparedFile(name: path, bytes)
    } catch {
      throw SourceError(.badData, "\(path): \(error.reason)")
    }
  }

  private func outcome(of comparison: Comparison) -> Session.Outcome {
    if comparison.lanes.isEmpty {
      StandardError.warn("no two files have a lane of one name: there is nothing to compare")
    }
    return Session.Outcome(
      table: ComparisonTable(
        comparison, style: Session.style(of: resultOptions),
        width: Session.tableWidth(of: resultOptions)
      ).text,
      summary: comparison.json, judged: comparison.judged)
  }
}

extension Comparison {
  /// Pairs the lanes of logs with the first file's, where that is a log, too.
  fileprivate mutating func pair() {
    for lane in lanes {
      guard let first = files[0].lane(lane)?.series else { continue }
      for index in files.indices.dropFirst() {
        guard let second = files[index].lane(lane)?.series else { continue }
        paired[lane, default: [:]][index] = PairedDifference(from: first, to: second)
      }
    }
  }
}
