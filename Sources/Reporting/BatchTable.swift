import LatencyLog
import Results

/// The table of a run of several inputs: that of all of them together, a line an input, and how fast it
/// went.
public struct BatchTable: Sendable {
  private let summary: BatchSummary
  private let style: TextStyle
  private let width: Int

  public init(_ summary: BatchSummary, style: TextStyle = .plain, width: Int? = nil) {
    self.summary = summary
    self.style = style
    self.width = width ?? TableLayout.width
  }

  /// The table, each line ended by a newline. Allocates.
  public var text: String {
    let total = summary.total
    var blocks: [String] = []
    if !total.lanes.isEmpty {
      blocks.append(SummaryTable(total, style: style, width: width).text)
    }
    let sentences = LineBreaking.sentence(throughput, width: width).map { $0 + "\n" }
    blocks.append(inputs(total.lanes.map(\.name)).map { $0 + "\n" }.joined())
    blocks.append(sentences.joined())
    return blocks.joined(separator: "\n")
  }

  /// For each input its length, then the misses and the p99 of the response time of as many lanes as fit.
  private func inputs(_ lanes: [String]) -> [String] {
    var shown = lanes.count
    var lines = self.lines(of: lanes)
    while shown > 1, (lines.map(\.displayWidth).max() ?? 0) > width {
      shown -= 1
      lines = self.lines(of: Array(lanes[..<shown]))
    }
    let heading = lines.prefix(2).map(style.heading) + lines.dropFirst(2)
    guard shown < lanes.count else { return heading }
    let others = (lanes.count - shown).counted("further lane")
    return heading + ["", "By input \(others) in the summary alone."]
  }

  private func lines(of lanes: [String]) -> [String] {
    let heading = ["input", "length"] + lanes.flatMap { _ in ["misses", "p99"] } + [""]
    let folder = folder
    let rows = summary.inputs.map { input in
      [name(input.name, in: folder), NumberText.duration(Int64(input.seconds * 1e9))]
        + (input.lanes.isEmpty
          ? lanes.flatMap { _ in ["", ""] }
          : input.lanes.prefix(lanes.count).flatMap {
            [NumberText.count($0.misses.count), NumberText.duration($0.response.p99)]
          })
        + [input.failure == nil ? "" : "failed"]
    }
    let columns = TextColumns(
      alignments: [.leading] + heading.dropFirst(2).map { _ in .trailing } + [.leading])
    let titles = ["", ""] + lanes.flatMap { [LineBreaking.ends(of: $0, width: 16), ""] } + [""]
    return columns.lines([titles, heading] + rows)
  }

  /// The folder that all inputs are in, with its last slash; empty where they have none in common.
  private var folder: Substring {
    guard let first = summary.inputs.first?.name else { return "" }
    var common = first[...]
    for input in summary.inputs.dropFirst() {
      while !input.name.hasPrefix(common) { common = common.dropLast() }
    }
    return common.lastIndex(of: "/").map { first[...$0] } ?? ""
  }

  /// A path without that folder, and of a long one the end rather than the beginning.
  private func name(_ path: String, in folder: Substring) -> String {
    LineBreaking.ends(of: String(path.dropFirst(folder.count)).printable, 8, 18)
  }

  private var throughput: String {
    let found = summary.throughput
    let count = "\(summary.inputs.count.counted("input")) of \(Self.length(found.inputSeconds))"
    var text =
      "\(count) in \(NumberText.duration(found.elapsed)) by \(found.jobs.counted("job"))"
    if let ratio = found.ratio {
      text +=
        ": \(NumberText.number(ratio)) seconds of input a second, \(NumberText.number(ratio / 3_600))"
        + " hours"
    }
    text += "."
    if found.jobs > 1 {
      text +=
        " Times are those of \(found.jobs) inputs at once, which contend for the machine; --jobs 1"
        + " has none of that."
    }
    return text
  }

  private static func length(_ seconds: Double) -> String {
    seconds < 7_200
      ? NumberText.duration(Int64(seconds * 1e9)) : "\(NumberText.number(seconds / 3_600)) hours"
  }
}
