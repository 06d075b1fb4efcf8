/// A stretch of a stream and what is true in it, as one line of a label file says.
public struct LabelledSpan: Sendable, Equatable {
  /// Its first instant in nanoseconds since the stream began; in `Labels.Form.frames` a frame index.
  public let start: Int64
  /// The first instant (or frame index) after it.
  public let end: Int64
  /// The label; nil for an interval of a file without labels, where the interval itself says
  /// "present", and for a row of a per-frame file that leaves its frame unlabelled.
  public let label: String?
  /// The line it came from, counted from 1, the header included.
  public let line: Int

  /// A stretch made by hand; `end` must lie after `start`.
  public init(start: Int64, end: Int64, label: String?, line: Int) {
    precondition(start < end, "a labelled stretch has a length")
    self.start = start
    self.end = end
    self.label = label
    self.line = line
  }
}
