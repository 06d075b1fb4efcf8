/// What is true at each instant of a recording, as a file says.
///
/// Times are seconds since the stream began, as in the outputs' `time`. The stretches are in order
/// and do not overlap; each holds its first instant and not its end.
public struct Labels: Sendable, Equatable {
  /// What the lines of the file were.
  public let form: LabelForm
  /// The name that errors use: the path as given.
  public let path: String
  /// The stretches, in order. In `LabelForm.intervals` what lies between them has no stretch.
  public let spans: [LabelledSpan]

  /// Labels made by hand; the stretches must be in order and must not overlap.
  public init(form: LabelForm, spans: [LabelledSpan], path: String = "labels") {
    precondition(
      zip(spans, spans.dropFirst()).allSatisfy { $0.end <= $1.start }, "stretches are in order")
    self.form = form
    self.spans = spans
    self.path = path
  }

  /// The stretch that labels a frame, or nil where there is none. Never allocates.
  ///
  /// In `LabelForm.frames` it is the frame's own; otherwise the one that holds the instant
  /// `time - frameOffset`.
  /// - Parameters:
  ///   - frame: the frame's absolute index.
  ///   - time: the end of the frame's last sample, in seconds since the stream began.
  ///   - frameOffset: seconds from the instant that the frame stands for to `time`. Half a window
  ///     (`window / 2 / rate`) labels a frame by its centre, 0 by its end.
  public func span(frame: UInt64, time: Double, frameOffset: Double) -> LabelledSpan? {
    index(of: form == .frames ? Int64(clamping: frame) : Int64(seconds: time - frameOffset))
      .map { spans[$0] }
  }

  /// The index of the stretch that holds an instant (or a frame index).
  func index(of instant: Int64) -> Int? {
    var low = 0
    var high = spans.count
    while low < high {
      let middle = (low + high) / 2
      if spans[middle].end <= instant { low = middle + 1 } else { high = middle }
    }
    return low < spans.count && spans[low].start <= instant ? low : nil
  }
}
