import Foundation
import Reporting

/// A bar that people at a terminal see while a sweep lasts, redrawn in place on standard error.
final class SweepView {
  private let start = Date()
  private var isDrawn = false

  /// Nil where standard error is no terminal: nothing of this goes into a pipe.
  init?() {
    guard isatty(STDERR_FILENO) == 1 else { return nil }
  }

  /// `share` of the sweep is done, from 0 to 1.
  func draw(_ share: Double) {
    erase()
    write(ProgressBar.text(share: share, elapsed: Date().timeIntervalSince(start)) + "\n")
    isDrawn = true
  }

  /// Takes the bar away, so that the table stands where it was.
  func erase() {
    if isDrawn { write("\u{1B}[1A\u{1B}[J") }
    isDrawn = false
  }

  private func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
