/// A stretch of one class that a model should find: what has an onset.
struct LabelledRun: Sendable, Equatable {
  let recording: Int
  let labelClass: Int32
  /// Nanoseconds since the recording's stream began.
  let onset: Int64
  /// The first instant after it.
  let end: Int64
  /// The meter's frames inside it, by index; may be empty.
  let frames: Range<Int>
}
