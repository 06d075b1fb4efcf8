/// How far something is, as one line for a terminal that is redrawn in place.
public enum ProgressBar {
  /// `[###...] 42 %, 3 s left`; without a share done yet there is nothing to extrapolate from.
  public static func text(share: Double, elapsed seconds: Double, width: Int = 30) -> String {
    let share = min(1, max(0, share))
    let filled = Int(share * Double(width))
    let bar =
      "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
      + "]"
    guard share > 0 else { return bar }
    let percent = String(Int((share * 100).rounded()))
    let left = Int((seconds * (1 - share) / share).rounded())
    return bar + TableLayout.trailing(percent, width: 4) + " %, \(left) s left"
  }
}
