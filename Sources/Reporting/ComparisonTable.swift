import PlainText
import Results

/// What people see of a comparison: the files, what else than figures differs, then lane by lane the
/// figures of the first file beside those of each other one.
public struct ComparisonTable: Sendable {
  private let comparison: Comparison
  private let style: TextStyle
  private let width: Int

  /// A table of which sentences take at most `width` characters a line; 80 unless it is said.
  public init(_ comparison: Comparison, style: TextStyle = .plain, width: Int? = nil) {
    self.comparison = comparison
    self.style = style
    self.width = width ?? TableLayout.width
  }

  /// The table, each line ended by a newline. Allocates.
  public var text: String {
    var lines = files
    lines += notes(comparison.differing.map(sentence))
    for lane in comparison.lanes {
      for other in comparison.files.indices.dropFirst() {
        lines += [""] + table(of: lane, other)
      }
    }
    lines += notes(unmatched + pairing)
    return lines.map { $0 + "\n" }.joined()
  }

  private func notes(_ sentences: [String]) -> [String] {
    guard !sentences.isEmpty else { return [] }
    return [""] + sentences.flatMap { LineBreaking.sentence($0, width: width) }
  }

  // MARK: Files

  /// A letter, as in a spreadsheet: A to Z, AA ...
  private func letter(_ index: Int) -> String {
    let last = Character(UnicodeScalar(UInt8(ascii: "A") + UInt8(index % 26)))
    return (index < 26 ? "" : letter(index / 26 - 1)) + String(last)
  }

  private var files: [String] {
    comparison.files.enumerated().flatMap { index, file in
      var facts = [file.kind.rawValue]
      if let started = file.json[path: "started"]?.string {
        facts.append("of \(started.printable)")
      }
      if let version = file.json[path: "tool.version"]?.string {
        let commit = file.json[path: "tool.commit"]?.string ?? "unknown"
        facts.append("by \(version.printable) (\(commit.prefix(12).printable))")
      }
      return [
        "\(letter(index))  \(file.name.shownFileName.printable)",
        "     " + facts.joined(separator: " "),
      ]
    }
  }

  private func sentence(_ fact: Comparison.Fact) -> String {
    let name = fact.lane.map { LineBreaking.ends(of: $0.printable, 20, 18) + ": " } ?? ""
    let values = fact.values.enumerated().map { index, value in
      "\(self.text(of: value, fact.what)) in \(letter(index))"
    }
    return "\(name)\(Self.title(of: fact.what)) differs: \(values.joined(separator: ", "))."
  }

  private static func title(of path: String) -> String {
    let titles = [
      "model.sha256": "model (SHA-256)", "input.sha256": "input (SHA-256)",
      "input.received": "samples received",
    ]
    if let title = titles[path] { return title }
    let isOfRun = ["tool.", "machine."].contains(where: path.hasPrefix)
    let words = isOfRun ? path.split(separator: ".").joined(separator: "'s ") : path
    return words.replacing(".", with: " ").replacing("_ns", with: "").replacing("_", with: " ")
  }

  private func text(of value: JSONValue?, _ path: String) -> String {
    switch value {
    case nil: "unknown"
    case .null?: "none"
    case .string(let text)?: path.hasSuffix("sha256") ? "\(text.prefix(12))" : text.printable
    case .number(let digits)? where path.hasSuffix("_ns"):
      NumberText.duration(Int64(digits))
    case let value?: value.excerpt
    }
  }

  // MARK: Figures

  private static let columns = TextColumns(
    alignments: [.leading, .trailing, .trailing, .trailing, .trailing],
    leastWidths: [26, 10, 10, 12, 10])

  private func table(of lane: String, _ other: Int) -> [String] {
    let name = LineBreaking.ends(of: lane.printable, width: 26)
    var rows = [[name, letter(0), letter(other), "difference", "ratio"]]
    // By row, what stands below it.
    var intervals: [Int: String] = [:]
    for figure in ComparedFigure.all {
      let values = comparison.values(of: figure.path, lane: lane)
      let (first, second) = (values[0], values[other])
      guard first != nil || second != nil, !figure.isShownIfChanged || first != second else {
        continue
      }
      let change = Comparison.Change(from: first, to: second)
      rows.append([
        figure.title, figure.text(first), figure.text(second), figure.signed(change.difference),
        change.ratio.map(Self.ratio) ?? NumberText.unsupported,
      ])
      if let key = figure.percentile {
        intervals[rows.count - 1] = interval(comparison.paired[lane]?[other]?.difference(key))
      }
    }
    if let mean = comparison.paired[lane]?[other]?.mean {
      rows.append([
        "response mean, paired", "", "", ComparedFigure.signed(duration: mean.value), "",
      ])
      intervals[rows.count - 1] = interval(mean)
    }
    let end = Self.columns.widths(rows).dropLast().reduce(0) { $0 + $1 + TableLayout.space }
    return Self.columns.lines(rows).enumerated().flatMap { index, line in
      let below = intervals[index].map { text in
        let label = "  interval"
        return label + text.trailing(width: end - TableLayout.space - label.count)
      }
      return [index == 0 ? style.heading(line) : line] + [below].compactMap(\.self)
    }
  }

  private static func ratio(_ value: Double) -> String {
    (value < 0 ? "-" : "") + ThreeDigits.text(abs(value)) + "x"
  }

  private func interval(_ estimate: DurationEstimate?) -> String? {
    guard let low = estimate?.low, let high = estimate?.high else { return nil }
    return [low, high].map(ComparedFigure.signed(duration:)).joined(separator: " to ")
  }

  private var unmatched: [String] {
    comparison.unmatched.map { lane, indices in
      let letters = indices.map(letter).joined(separator: ", ")
      return "Lane \(lane.printable) is in \(letters) only."
    }
  }

  private var pairing: [String] {
    let all = comparison.paired.values.flatMap(\.values)
    guard let first = all.max(by: { $0.frames < $1.frames }) else { return [] }
    guard all.contains(where: { $0.mean?.low != nil }) else {
      return ["No intervals: the logs share too few frames after the warm-up."]
    }
    return [
      "Intervals are 95 %, by bootstrap over stretches of \(first.blockFrames.counted("frame")), of"
        + " \(first.frames.counted("frame")) paired by position; one that holds 0 shows no difference."
    ]
  }
}
