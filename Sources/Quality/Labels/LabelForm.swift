/// What the lines of a label file are.
public enum LabelForm: Sendable, Equatable {
  /// `start,end` or `start,end,label`: seconds, start included, end excluded, in order, not overlapping.
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
    case ["start", "end"], ["start", "end", "label"]: self = .intervals
    case ["time", "label"]: self = .times
    case ["frame", "label"]: self = .frames
    default: return nil
    }
  }

  /// The column that orders the lines.
  var key: String {
    switch self {
    case .intervals: "start"
    case .times: "time"
    case .frames: "frame"
    }
  }

  /// The columns that a file may have, for messages.
  static let expected = "\"start,end\", \"start,end,label\", \"time,label\" or \"frame,label\""
}
