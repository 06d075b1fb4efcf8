import Foundation
import LaneRunner
import Reporting

/// What people at a terminal see while a run lasts: a line a lane, redrawn in place, on standard error.
final class TerminalView {
  private var drawnLines = 0
  private let columns: Int

  /// Nil where standard error is no terminal: nothing of this goes into a pipe.
  init?() {
    guard isatty(STDERR_FILENO) == 1 else { return nil }
    var size = winsize()
    let known = unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    columns = known ? Int(size.ws_col) : 80
  }

  func draw(_ progress: RunProgress) {
    var lines = [LiveLine.heading]
    for lane in 0..<progress.laneCount {
      let line = LiveLine(
        progress.statistics(of: lane), queue: progress.queuedFrames(of: lane),
        output: LiveLine.bar(progress.newestOutput(of: lane)))
      lines.append(line.text(width: columns - 1))
    }
    let gaps = progress.gaps
    if gaps.count > 0 { lines.append("input: \(gaps.count) gaps, \(gaps.samples) samples lost") }
    if let total = progress.totalSeconds, total > 0 {
      lines.append(
        ProgressBar.text(share: progress.seconds / total, elapsed: progress.elapsedSeconds))
    }
    erase()
    write(lines.map { $0.prefix(columns - 1) + "\n" }.joined())
    drawnLines = lines.count
  }

  /// Takes the view away, so that the table stands where it was.
  func erase() {
    if drawnLines > 0 { write("\u{1B}[\(drawnLines)A\u{1B}[J") }
    drawnLines = 0
  }

  private func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
