import Foundation
import LatencyLog
import Reporting
import StreamCore

/// What people at a terminal see while a run lasts, redrawn in place on standard error: a line a lane, or
/// the bar of a sweep.
///
/// The cursor stays in the view's first line: wherever a window that changes its size takes that line,
/// whatever is below it is the view.
final class TerminalView: FrameSubscriber {
  private let start = Date()
  private let view: LiveView
  private var isDrawn = false

  /// `outputNames` are those of each lane's outputs. Nil where standard error is no terminal: nothing of
  /// this goes into a pipe.
  init?(outputNames: [[String]] = []) {
    guard isatty(STDERR_FILENO) == 1 else { return nil }
    view = LiveView(outputNames: outputNames)
  }

  var wantsProgress: Bool { true }

  func frame(_ record: FrameRecord, time: Double, output: borrowing Span<Float>) {}

  /// Nothing stays of what is drawn.
  func exchange(with archive: inout StateArchive) {}

  func progress(_ progress: RunProgress) {
    let size = TerminalSize(of: STDERR_FILENO)
    draw(view.lines(progress, columns: size.columns, rows: size.rows))
  }

  /// `share` of a sweep is done, from 0 to 1.
  func draw(share: Double) {
    let width = min(60, max(10, TerminalSize(of: STDERR_FILENO).columns - 25))
    draw([
      ProgressBar.text(share: share, elapsed: Date().timeIntervalSince(start), width: width)
    ])
  }

  private func draw(_ lines: [String]) {
    guard let first = lines.first else { return }
    // What is below is cleared from the first line's end: a terminal that is cleared from its very
    // corner keeps what it showed, each time, in the lines that one can scroll back to.
    let text = ([first + Self.clearBelow] + lines.dropFirst()).joined(separator: "\n")
    let up = lines.count > 1 ? "\u{1B}[\(lines.count - 1)A" : ""
    put(text + "\r" + up)
    isDrawn = true
  }

  private static let clearBelow = "\u{1B}[J"

  /// Writes over the view. Lines are not wrapped meanwhile: one that is too long for a window that just
  /// became narrower would leave the cursor elsewhere.
  private func put(_ text: String) {
    StandardError.put("\u{1B}[?7l" + (isDrawn ? "\r" : "") + text + "\u{1B}[?7h")
  }

  /// Takes the view away, so that the table stands where it was.
  func erase() {
    if isDrawn { put(" " + Self.clearBelow + "\r") }
    isDrawn = false
  }

  /// Writes a warning where the view is, which goes on below it.
  func warn(_ sentence: String) {
    erase()
    StandardError.warn(sentence)
  }
}

/// How large the window of a terminal is, now.
struct TerminalSize {
  let columns: Int
  let rows: Int

  /// That of a file descriptor; 80 by 24 where nobody knows.
  init(of descriptor: Int32) {
    var size = winsize()
    let isKnown = unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0
    columns = isKnown && size.ws_col > 0 ? Int(size.ws_col) : 80
    rows = isKnown && size.ws_row > 0 ? Int(size.ws_row) : 24
  }
}
