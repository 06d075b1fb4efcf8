import Foundation
import PlainText
import StreamIO

/// Where progress, warnings and errors go.
enum StandardError {
  static func write(_ line: String) { put(line + "\n") }

  /// Writes text as it is; what cannot be written there cannot be reported anywhere.
  static func put(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  /// Says what was taken for granted.
  static func note(_ sentence: String) { write("Note: \(sentence)".line()) }

  static func warn(_ sentence: String) { write("Warning: \(sentence)".line()) }
}

enum StandardOutput {
  /// Writes text as it is. Whoever closes standard output wants no more of it, which is no failure.
  static func write(_ text: String) throws {
    let out = FileSink.standardOutput()
    out.buffer += Array(text.utf8)
    do { try out.flush() } catch SinkError.readerGone {}
  }
}
