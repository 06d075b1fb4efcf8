import Foundation
import Testing

/// What a process did.
struct ProcessResult: Sendable {
  /// Nil where a signal ended it.
  var exitCode: Int32?
  /// The signal that ended it; nil after an exit.
  var signal: Int32?
  var output: [UInt8]
  var errors: String
  var seconds: Double
  /// The most memory that it held at a time; not below that of the process that started it.
  var residentBytes: Int
  /// Seconds until the first bytes of standard output were there.
  var firstOutput: Double?
  /// All that was written to its terminal, control codes included.
  var terminal: String

  var outputText: String { String(decoding: output, as: UTF8.self) }

  /// Without the warning that a live input stood still, for tests whose input may.
  func withoutStillness() -> ProcessResult {
    var result = self
    result.errors = errors.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("Warning: standard input: has stood still") }
      .joined(separator: "\n")
    return result
  }

  /// Expects an exit with success and nothing on standard error.
  func expectSuccess(_ location: SourceLocation = #_sourceLocation) {
    #expect(signal == nil, "ended by a signal: \(errors)", sourceLocation: location)
    #expect(exitCode == 0, "\(errors)", sourceLocation: location)
    #expect(errors == "", sourceLocation: location)
  }

  /// Expects that a signal ended the run in order: one plain line that says where, and 128 plus its number.
  func expectInterruption(
    _ number: Int32, _ place: String, _ location: SourceLocation = #_sourceLocation
  ) {
    let names = [SIGINT: "SIGINT", SIGTERM: "SIGTERM", SIGHUP: "SIGHUP"]
    #expect(signal == nil, "ended by a signal: \(errors)", sourceLocation: location)
    #expect(exitCode == 128 + number, "\(errors)", sourceLocation: location)
    #expect(
      errors == "Stopped: interrupted by \(names[number] ?? "") \(place)\n",
      sourceLocation: location)
  }

  /// Expects exactly one line on standard error, `Error: ` and the sentence, and the exit code.
  func expectRefusal(
    _ code: Int32, _ sentence: String, _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(signal == nil, "ended by a signal: \(errors)", sourceLocation: location)
    #expect(exitCode == code, "\(errors)", sourceLocation: location)
    #expect(errors == "Error: \(sentence)\n", sourceLocation: location)
  }

  /// Expects one line that begins with `Error: ` and holds the words, and the exit code; a usage
  /// error may go on with lines about the usage.
  func expectRefusal(
    _ code: Int32, naming words: [String], _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(signal == nil, "ended by a signal: \(errors)", sourceLocation: location)
    #expect(exitCode == code, "\(errors)", sourceLocation: location)
    let lines = errors.split(separator: "\n", omittingEmptySubsequences: false)
    let first = lines.first ?? ""
    #expect(first.hasPrefix("Error: "), "\(errors)", sourceLocation: location)
    for word in words { #expect(first.contains(word), "\(errors)", sourceLocation: location) }
    let usage = ["Usage: ", "  See ", "Help:  "]
    let others = lines.dropFirst().filter { line in
      !line.isEmpty && !(code == 64 && usage.contains(where: line.hasPrefix))
    }
    #expect(others.isEmpty, sourceLocation: location)
  }
}
