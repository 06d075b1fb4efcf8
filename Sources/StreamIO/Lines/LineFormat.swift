/// How one line of text holds one sample.
protocol LineFormat {
  /// Scalars a sample.
  var channelCount: Int { get }

  /// Whether lines carry the instant of their sample.
  var hasTime: Bool { get }

  /// Replaces `values` by the line's numbers (`[channels]`) and returns its time in seconds, if
  /// lines have one. Throws what is wrong with the line.
  func parse(
    _ line: borrowing Span<UInt8>, into values: inout [Float]
  ) throws(LineError) -> Double?
}

/// What is wrong with a line.
struct LineError: Error {
  /// Continues the words "data.csv: line 5": " has 2 cells, expected 3", ", column x: ...".
  let text: String

  init(_ text: String) { self.text = text }
}
