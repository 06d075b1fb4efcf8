import Foundation
import LatencyLog
import Reporting

/// What people at a terminal see while a run lasts, redrawn in place on standard error: a line a lane, or
/// the bar of a sweep.
final class TerminalView: FrameSubscriber {
  private let start = Date()
  /// Lines of the view on the screen.
  private var drawnLines = 0
  private let columns: Int

  /// Nil where standard error is no terminal: nothing of this goes into a pipe.
  init?() {
    guard isatty(STDERR_FILENO) == 1 else { return nil }
    var size = winsize()
    let known = unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    columns = known ? Int(size.ws_col) : 80
  }

  var wantsProgress: Bool { true }

  func frame(_ record: FrameRecord, time: Double, output: borrowing Span<Float>) {}

  func progress(_ progress: RunProgress) {
    var lines = [LiveLine.heading]
    lines += progress.lanes.map {
      LiveLine.text($0, output: LiveLine.bar($0.newestOutput), width: columns - 1)
    }
    if progress.gapCount > 0 {
      let noun = progress.gapCount == 1 ? "gap" : "gaps"
      lines.append("input: \(progress.gapCount) \(noun), \(progress.gapSamples) samples lost")
    }
    if let share = progress.share {
      lines.append(ProgressBar.text(share: share, elapsed: progress.elapsedSeconds))
    }
    draw(lines)
  }

  /// `share` of a sweep is done, from 0 to 1.
  func draw(share: Double) {
    draw([ProgressBar.text(share: share, elapsed: Date().timeIntervalSince(start))])
  }

  private func draw(_ lines: [String]) {
    erase()
    StandardError.put(lines.map { $0.prefix(columns - 1) + "\n" }.joined())
    drawnLines = lines.count
  }

  /// Takes the view away, so that the table stands where it was.
  func erase() {
    // From the start of the line: a typed Ctrl-C may have moved the cursor.
    if drawnLines > 0 { StandardError.put("\r\u{1B}[\(drawnLines)A\u{1B}[J") }
    drawnLines = 0
  }

  /// Writes a warning where the view is, which goes on below it.
  func warn(_ sentence: String) {
    erase()
    StandardError.warn(sentence)
  }
}
