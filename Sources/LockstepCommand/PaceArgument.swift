import LaneRunner

/// `--pace max`, `max:F`, `realtime`, or a factor of real time.
enum PaceArgument {
  static func parse(_ text: String) throws(CommandFailure) -> Pace {
    if text == "max" { return .max(factor: 1) }
    if text == "realtime" { return .realtime(factor: 1) }
    let isMax = text.hasPrefix("max:")
    if let factor = Double(isMax ? String(text.dropFirst(4)) : text), factor.isFinite,
      (0.001...1_000_000).contains(factor)
    {
      return isMax ? .max(factor: factor) : .realtime(factor: factor)
    }
    throw CommandFailure(
      "--pace \(text): expected max, max:F, realtime, or a factor of real time from 0.001 to "
        + "1000000", exitCode: CommandFailure.usage)
  }
}
