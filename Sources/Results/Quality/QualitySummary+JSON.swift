import PlainText

extension QualitySummary {
  /// Every key but `false_alarms`, which a multi-class model does not have, is always an object or a number.
  var json: JSONValue {
    .object([
      ("kind", .string(kind.rawValue)),
      ("frames", .integer(frames)),
      ("unlabelled_frames", .integer(unlabelledFrames)),
      ("not_a_number", .integer(notANumber)),
      ("unit", .string(unit.rawValue)),
      ("units", .integer(units)),
      ("auc", Estimate.json(auc)),
      ("accuracy", Estimate.json(accuracy)),
      ("f1", Estimate.json(f1)),
      ("majority_baseline", .number(majorityBaseline)),
      ("detection_delay", detectionDelay.json),
      ("false_alarms", falseAlarms?.json ?? .null),
      // As decimal digits say it: 0.1 and not 0.10000000149011612.
      ("threshold", .number(threshold.flatMap { Double($0.description) })),
      ("classes", .array(classes.map(\.json))),
    ])
  }

  /// Nothing was judged: every key of a lane's quality is in it.
  static let blank = QualitySummary(
    kind: .binary, frames: 0, unlabelledFrames: 0, notANumber: 0, unit: .seconds, units: 0,
    auc: nil, accuracy: nil, f1: nil, majorityBaseline: nil,
    detectionDelay: DetectionDelay(count: 0, missed: 0, delays: []),
    falseAlarms: FalseAlarms(count: 0, hours: 0, perHour: nil, rule: AlarmRule()), threshold: nil,
    classes: [])
}

extension ClassQuality {
  var json: JSONValue {
    .object([
      ("label", .string(label)), ("frames", .integer(frames)), ("predicted", .integer(predicted)),
      ("auc", Estimate.json(auc)), ("f1", Estimate.json(f1)),
      ("detection_delay", detectionDelay.json),
    ])
  }
}

extension DetectionDelay {
  var json: JSONValue {
    .object([
      ("count", .integer(count)), ("missed", .integer(missed)),
      ("p50_ns", DurationEstimate.json(p50)), ("p90_ns", DurationEstimate.json(p90)),
      ("delays_ns", delays.map { .array($0.map(JSONValue.nanoseconds)) } ?? .null),
    ])
  }
}
