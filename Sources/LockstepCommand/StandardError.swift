import Foundation

/// Where progress, warnings and errors go.
enum StandardError {
  /// Writes a line; what cannot be written there cannot be reported anywhere.
  static func write(_ line: String) {
    try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
  }

  static func warn(_ sentence: String) { write("Warning: \(sentence)") }
}
