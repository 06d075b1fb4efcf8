import LatencyLog
import PlainText

/// What people at a terminal see while a run lasts: a line a lane, below them the newest tokens of lanes that
/// give some, how the input fares, and how far the run is. Only text: the caller owns the cursor.
public struct LiveView {
  /// By lane.
  private let outputNames: [[String]]

  /// A view of lanes whose outputs have these names.
  public init(outputNames: [[String]]) {
    self.outputNames = outputNames.map { $0.map(\.printable) }
  }

  /// Lines for a window of so many columns and rows, one of each left free. The wider it is, the more
  /// columns of figures; lanes that have no room are counted. Allocates.
  public func lines(_ progress: RunProgress, columns: Int, rows: Int) -> [String] {
    let width = max(1, columns - 1)
    var below = [Self.silence(progress), Self.losses(progress)].compactMap { $0 }
    if let share = progress.share {
      below.append(
        ProgressBar.text(
          share: share, elapsed: progress.elapsedSeconds, width: min(60, max(10, width - 24))))
    }
    let room = max(1, rows - 1) - below.count
    // Captions leave room for what they are of: the heading and a line a lane.
    let captions = captions(progress.lanes, width: width).prefix(
      max(0, room - 1 - progress.lanes.count))
    below = captions + below
    var table = table(progress.lanes, width: width)
    let left = max(1, rows - 1) - below.count
    if table.count > left {
      let shown = max(1, left - 2)
      let hidden = progress.lanes.count - shown
      table = table.prefix(1 + shown) + ["\(hidden) more lane\(hidden == 1 ? "" : "s")"]
    }
    return (table + below).prefix(max(1, rows - 1)).map { $0.beginning(width: width) }
  }

  /// A line for each lane that gives tokens: its name, and as many of the newest ones as fit behind it. One
  /// below the other they begin and end at the same columns.
  private func captions(_ lanes: [RunProgress.Lane], width: Int) -> [String] {
    let shown = lanes.indices.filter { lanes[$0].newestTokens != nil }
    guard shown.count > 0 else { return [] }
    let needed = shown.map { lanes[$0].name.printable.displayWidth }.max() ?? 0
    let nameWidth = min(needed, 18, max(4, width / 3))
    return shown.map { index in
      let name = LineBreaking.ends(of: lanes[index].name.printable, width: nameWidth)
      let room = width - nameWidth - TableLayout.space
      return name.leading(width: nameWidth + TableLayout.space)
        + text(of: lanes[index].newestTokens ?? [], of: index, width: room)
    }
  }

  /// The newest tokens that fit, whole ones; of a single one that does not, both its ends.
  private func text(of tokens: some Sequence<Int>, of lane: Int, width: Int) -> String {
    let names = outputNames.indices.contains(lane) ? outputNames[lane] : []
    var text = ""
    for token in tokens.reversed() {
      let name = names.indices.contains(token) ? names[token] : "\(token)"
      guard !text.isEmpty else {
        text = LineBreaking.ends(of: name, width: width)
        continue
      }
      guard text.displayWidth + 1 + name.displayWidth <= width else { break }
      text = name + " " + text
    }
    return text
  }

  /// The heading and a line a lane.
  private func table(_ lanes: [RunProgress.Lane], width: Int) -> [String] {
    let names = lanes.map(\.name.printable)
    let needed = names.map(\.displayWidth).max() ?? 0
    var figures = Figure.allCases
    let widths = figures.map { figure in
      lanes.reduce(figure.width) { max($0, figure.text($1).displayWidth) }
    }
    func left() -> Int {
      zip(Figure.allCases, widths).reduce(width) { left, column in
        figures.contains(column.0) ? left - TableLayout.space - column.1 : left
      }
    }
    for next in Figure.leastFirst where left() < max(4, min(needed, 18)) {
      figures.removeAll { $0 == next }
    }
    let nameWidth = max(4, min(needed, left()))
    let outputWidth = Figure.output.width + max(0, left() - nameWidth)
    let rows = lanes.indices.map { index in
      [LineBreaking.ends(of: names[index], width: nameWidth)]
        + figures.map { figure in
          figure == .output
            ? lanes[index].newestTokens == nil
              ? output(of: lanes[index], index, width: outputWidth)
              : text(of: lanes[index].newestTokens?.suffix(1) ?? [], of: index, width: outputWidth)
            : figure.text(lanes[index])
        }
    }
    let layout = TextColumns(
      alignments: [.leading] + figures.map { $0 == .output ? .leading : .trailing },
      leastWidths: [4] + figures.map(\.width))
    return layout.lines([["lane"] + figures.map(\.rawValue)] + rows)
  }

  /// The newest output: the value and a bar of a single one; of several the largest ones by name, as
  /// many as fit.
  private func output(of lane: RunProgress.Lane, _ index: Int, width: Int) -> String {
    let names = outputNames.indices.contains(index) ? outputNames[index] : []
    guard lane.newestOutput.count > 1 else {
      // Before the first one there is no number.
      return lane.newestOutput.first.map { Self.bar($0, width: width) } ?? Self.bar(0, width: 8)
    }
    let largest = lane.newestOutput.enumerated().filter { $1.isFinite }.sorted {
      $0.element > $1.element
    }
    var text = ""
    for (place, output) in largest.prefix(3).enumerated() {
      let name = names.indices.contains(output.offset) ? names[output.offset] : "\(output.offset)"
      let value = Self.value(output.element)
      let room = width - value.displayWidth - 1
      if place == 0 {
        text = LineBreaking.ends(of: name, width: max(3, room)) + " " + value
      } else if text.displayWidth + TableLayout.space + name.displayWidth <= room {
        text += "  \(name) \(value)"
      } else {
        break
      }
    }
    return text.isEmpty ? "not finite" : text
  }

  /// A value between 0 and 1 as a bar, its number in front of it where there is room; any other as a
  /// number.
  static func bar(_ value: Float, width: Int) -> String {
    guard (0...1).contains(value) else { return String(value.description.prefix(width)) }
    let cells = min(60, width < 13 ? width : width - 5)
    let bar = ProgressBar.cells(Int((value * Float(cells)).rounded()), of: cells)
    return width < 13 ? bar : "\(Self.value(value)) \(bar)"
  }

  /// Two digits after the point of what is between 0 and 1, else three digits.
  private static func value(_ value: Float) -> String {
    guard (0...1).contains(value) else { return NumberText.number(Double(value)) }
    let hundredths = Int((value * 100).rounded())
    return "\(hundredths / 100).\(hundredths / 10 % 10)\(hundredths % 10)"
  }

  private static func silence(_ progress: RunProgress) -> String? {
    guard let silence = progress.silence, silence >= 1.2 else { return nil }
    let tenths = Int(silence * 10)
    return "no input for "
      + (tenths < 1_000
        ? "\(tenths / 10).\(tenths % 10) s"
        : AxisText.time(silence, inMinutes: true) + (silence < 3_600 ? " min" : " h"))
  }

  private static func losses(_ progress: RunProgress) -> String? {
    var parts: [String] = []
    if progress.gapCount > 0 {
      parts.append(
        "\(progress.gapCount.counted("gap")), \(NumberText.count(progress.gapSamples)) samples lost"
      )
    }
    if progress.pauseCount > 0 {
      let length = NumberText.duration(progress.pausedTime)
      parts.append(
        progress.pauseCount == 1
          ? "1 pause of \(length)" : "\(progress.pauseCount.counted("pause")), \(length) altogether"
      )
    }
    return parts.isEmpty ? nil : "input: " + parts.joined(separator: "; ")
  }

  /// A column of the view.
  private enum Figure: String, CaseIterable {
    case frames, p50, p99, max, misses, queue, load, output

    /// Those that make room in a narrow window, the first one first.
    static let leastFirst: [Figure] = [.max, .queue, .p50, .load, .output, .p99, .misses]

    /// Of the usual values, so that the columns stand still.
    var width: Int {
      switch self {
      case .frames, .p50, .p99, .max: 7
      case .misses, .load: 6
      case .queue: 5
      case .output: 8
      }
    }

    func text(_ lane: RunProgress.Lane) -> String {
      switch self {
      case .frames: NumberText.count(lane.frames)
      case .p50: NumberText.duration(lane.p50)
      case .p99: NumberText.duration(lane.p99)
      case .max: NumberText.duration(lane.max)
      case .misses: NumberText.count(lane.misses)
      case .queue: lane.queuedFrames.map { NumberText.count($0) } ?? NumberText.unsupported
      case .load: NumberText.ratio(lane.load)
      case .output: ""
      }
    }
  }
}

/// How far something is, as one line for a terminal that is redrawn in place.
public enum ProgressBar {
  /// `[###...] 42 %, 3 s left`; without a share done yet there is nothing to extrapolate from.
  public static func text(share: Double, elapsed seconds: Double, width: Int = 30) -> String {
    let share = min(1, max(0, share))
    let bar = "[" + cells(Int(share * Double(width)), of: width) + "]"
    guard share > 0 else { return bar }
    let percent = String(Int((share * 100).rounded()))
    let left = Int((seconds * (1 - share) / share).rounded())
    return bar + percent.trailing(width: 4) + " %, \(left) s left"
  }

  fileprivate static func cells(_ filled: Int, of width: Int) -> String {
    String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
  }
}
