/// The labels of a recording, by instant or by frame, as a file gives them.
///
/// Times are seconds since the stream began, as in the outputs' `time`. The stretches are in order
/// and do not overlap; each holds its first instant and not its end.
public struct Labels: Sendable, Equatable {
  /// What the lines of the file were.
  public let form: LabelForm
  /// The name that errors use: the path as given.
  public let path: String
  /// The stretches, in order. In `LabelForm.intervals` what lies between them has no stretch.
  public let stretches: [LabelStretch]

  /// Labels made by hand; the stretches must be in order and must not overlap.
  public init(form: LabelForm, stretches: [LabelStretch], path: String = "labels") {
    precondition(
      zip(stretches, stretches.dropFirst()).allSatisfy { $0.end <= $1.start },
      "stretches are in order")
    self.form = form
    self.stretches = stretches
    self.path = path
  }

  /// Whether a stretch labels a model's only output as present; nil where it has no label to tell. An
  /// interval without a label means present, and so does a label that is the output's name, `1` or
  /// `true`; every other label means absent.
  public func presence(of output: String, in stretch: LabelStretch) -> Bool? {
    guard let label = stretch.label else { return form == .intervals ? true : nil }
    return label == output || ["1", "true"].contains(label.lowercased())
  }

  /// The index of the stretch that holds an instant (or a frame index).
  func index(of instant: Int64) -> Int? {
    let low = stretches.indices.lowest { stretches[$0].end > instant }
    return low < stretches.count && stretches[low].start <= instant ? low : nil
  }
}

/// One line of a label file: a stretch of a stream and its label.
public struct LabelStretch: Sendable, Equatable {
  /// Its first instant in nanoseconds since the stream began; in `LabelForm.frames` a frame index.
  public let start: Int64
  /// The first instant (or frame index) after it.
  public let end: Int64
  /// The label; nil for an interval of a file without labels, where the interval itself says
  /// "present", and for a row of a per-frame file that leaves its frame unlabelled.
  public let label: String?
  /// The utterance that it is of, where the file says so.
  public let utterance: String?
  /// The line it came from, counted from 1, the header included.
  public let line: Int

  /// A stretch made by hand; `end` must lie after `start`.
  public init(start: Int64, end: Int64, label: String?, utterance: String? = nil, line: Int) {
    precondition(start < end, "a stretch has a length")
    self.start = start
    self.end = end
    self.label = label
    self.utterance = utterance
    self.line = line
  }
}

/// What the lines of a label file are.
public enum LabelForm: Sendable, Equatable {
  /// `start,end` or `start,end,label`, which `utterance` may follow: seconds, start included, end excluded, in
  /// order, not overlapping.
  case intervals
  /// `time,label`: the label holds from its time to the next row's; the last row's holds as long as
  /// the step before it.
  case times
  /// `frame,label`: a row for a frame, by its absolute index.
  case frames

  /// The form that has these columns, whatever their order.
  init?(columns: [String]) {
    guard Set(columns).count == columns.count else { return nil }
    switch Set(columns) {
    case ["start", "end"], ["start", "end", "label"], ["start", "end", "label", "utterance"]:
      self = .intervals
    case ["time", "label"]: self = .times
    case ["frame", "label"]: self = .frames
    default: return nil
    }
  }

  /// The columns that a file may have, for messages.
  static let expected = "\"start,end\", \"start,end,label\", \"time,label\" or \"frame,label\""
}
