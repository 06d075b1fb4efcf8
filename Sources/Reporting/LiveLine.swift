import LatencyLog

/// One lane's line in a terminal view that is redrawn while the run lasts. Only text: the caller
/// owns the cursor.
public enum LiveLine {
  /// What stands above the lines, at the same widths.
  public static let heading = fields(
    "lane", ["frames", "p50", "p99", "max", "misses", "queue", "load"], "output")

  /// The line of a lane as it stands, at most `width` characters, without a newline; `output` is the
  /// latest output value, or whatever else the caller wants to show of it. Allocates.
  public static func text(
    _ lane: RunProgress.Lane, output: String, width: Int = 80
  ) -> String {
    let columns = [
      NumberText.count(lane.frames), NumberText.duration(lane.p50), NumberText.duration(lane.p99),
      NumberText.duration(lane.max), NumberText.count(lane.misses),
      lane.queuedFrames.map { NumberText.count($0) } ?? NumberText.unsupported,
      NumberText.ratio(lane.load),
    ]
    return String(fields(lane.name, columns, output).prefix(width))
  }

  /// A value between 0 and 1 as a bar of eight characters, any other as a number.
  public static func bar(_ value: Float) -> String {
    guard (0...1).contains(value) else { return String(value.description.prefix(8)) }
    return ProgressBar.cells(Int((value * 8).rounded()), of: 8)
  }

  private static func fields(_ name: String, _ columns: [String], _ output: String) -> String {
    let start = TableLayout.leading(LineBreaking.ends(of: name, 7, 7), width: 16)
    let widths = [9, 8, 8, 8, 7, 6, 8, 1 + output.count]
    return TableLayout.line(start, columns + [output], widths)
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
    return bar + TableLayout.trailing(percent, width: 4) + " %, \(left) s left"
  }

  fileprivate static func cells(_ filled: Int, of width: Int) -> String {
    String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
  }
}
