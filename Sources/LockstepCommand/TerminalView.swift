import Foundation
import LaneRunner
import Reporting
import Synchronization

/// What people at a terminal see while a run lasts: a line a lane, redrawn in place, on standard error.
final class TerminalView: Sendable {
  /// Lines of the view on the screen. The lock keeps warnings of other threads out of a drawing.
  private let drawnLines = Mutex(0)
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
    if gaps.count > 0 {
      let noun = gaps.count == 1 ? "gap" : "gaps"
      lines.append("input: \(gaps.count) \(noun), \(gaps.samples) samples lost")
    }
    if let total = progress.totalSeconds, total > 0 {
      lines.append(
        ProgressBar.text(share: progress.seconds / total, elapsed: progress.elapsedSeconds))
    }
    let text = lines.map { $0.prefix(columns - 1) + "\n" }.joined()
    drawnLines.withLock {
      write(Self.erasure(of: $0) + text)
      $0 = lines.count
    }
  }

  /// Takes the view away, so that the table stands where it was.
  func erase() {
    drawnLines.withLock {
      write(Self.erasure(of: $0))
      $0 = 0
    }
  }

  /// Writes a warning where the view is, which goes on below it.
  func warn(_ sentence: String) {
    drawnLines.withLock {
      write(Self.erasure(of: $0))
      StandardError.warn(sentence)
      $0 = 0
    }
  }

  /// From the start of the line: a typed Ctrl-C may have moved the cursor.
  private static func erasure(of lines: Int) -> String {
    lines > 0 ? "\r\u{1B}[\(lines)A\u{1B}[J" : ""
  }

  private func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
