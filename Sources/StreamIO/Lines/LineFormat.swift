import PlainText

/// How one line of text holds one sample. An object, that no line pays for a copy of it.
protocol LineFormat: AnyObject {
  /// A place in a line that has a name, in a sentence.
  static var noun: String { get }

  /// What channels can be taken from; nil where values have neither names nor numbers.
  var columns: SourceColumns? { get }

  /// Takes these of the columns as the channels, in this order.
  func take(_ chosen: [Int])

  /// What people should know of the lines.
  var note: String? { get }

  /// Scalars a sample: all columns until some are taken.
  var channelCount: Int { get }

  /// Where lines carry the instant of their sample; nil if they do not.
  var timeColumn: TimeColumn? { get }

  /// The unit of instants that are numbers.
  var unit: TimeUnit { get set }

  /// Replaces `values` by the line's numbers (`[channels]`) and returns its time in ns, if lines
  /// have one. Throws what is wrong with the line. Allocates nothing for a line that is right.
  func parse(
    _ line: borrowing Span<UInt8>, into values: inout [Float]
  ) throws(LineError) -> Int64?

  /// The stamp of a line of which something else may be wrong; nil where it cannot be read, or where
  /// it may be cut off.
  func stamp(in line: borrowing Span<UInt8>) -> Stamp?

  /// Whether a line is there for people alone.
  func isComment(_ line: borrowing Span<UInt8>) -> Bool
}

extension LineFormat {
  var hasTime: Bool { timeColumn != nil }

  var note: String? { nil }

  func isComment(_ line: borrowing Span<UInt8>) -> Bool { false }
}

/// A time stamp as it is written.
enum Stamp {
  /// In a unit that it does not say.
  case number(DecimalText)
  /// A date, as ns since 1970.
  case instant(Int64)
}

/// What is wrong with a line.
struct LineError: Error {
  /// Continues the words "data.csv: line 5": " has 2 cells, expected 3", ", column x: ...".
  let text: String
  /// Whether no other line could be better.
  let isFinal: Bool

  init(_ text: String, isFinal: Bool = false) {
    self.text = text
    self.isFinal = isFinal
  }
}
