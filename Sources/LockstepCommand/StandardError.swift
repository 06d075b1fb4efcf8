import Foundation
import LatencyLog
import Reporting

/// Where progress, warnings and errors go.
enum StandardError {
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  static func write(_ line: String) { put(line + "\n") }

  /// Writes text as it is; what cannot be written there cannot be reported anywhere.
  static func put(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  static func warn(_ sentence: String) { write("Warning: \(sentence)") }
}

/// What people at a terminal see while a run lasts: a line a lane, redrawn in place, on standard error.
final class TerminalView: FrameSubscriber {
  /// Lines of the view on the screen.
  private var drawnLines = 0
  private let columns: Int

  /// Nil where standard error is no terminal: nothing of this goes into a pipe.
  init?() {
    guard StandardError.isTerminal else { return nil }
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
    erase()
    StandardError.put(lines.map { $0.prefix(columns - 1) + "\n" }.joined())
    drawnLines = lines.count
  }

  /// Takes the view away, so that the table stands where it was.
  func erase() {
    StandardError.put(Self.erasure(of: drawnLines))
    drawnLines = 0
  }

  /// Writes a warning where the view is, which goes on below it.
  func warn(_ sentence: String) {
    erase()
    StandardError.warn(sentence)
  }

  /// From the start of the line: a typed Ctrl-C may have moved the cursor.
  private static func erasure(of lines: Int) -> String {
    lines > 0 ? "\r\u{1B}[\(lines)A\u{1B}[J" : ""
  }
}

/// A bar that people at a terminal see while a sweep lasts, redrawn in place on standard error.
final class SweepView {
  private let start = Date()
  private var isDrawn = false

  /// Nil where standard error is no terminal: nothing of this goes into a pipe.
  init?() {
    guard StandardError.isTerminal else { return nil }
  }

  /// `share` of the sweep is done, from 0 to 1.
  func draw(_ share: Double) {
    erase()
    StandardError.put(
      ProgressBar.text(share: share, elapsed: Date().timeIntervalSince(start)) + "\n")
    isDrawn = true
  }

  /// Takes the bar away, so that the table stands where it was.
  func erase() {
    if isDrawn { StandardError.put("\u{1B}[1A\u{1B}[J") }
    isDrawn = false
  }
}
