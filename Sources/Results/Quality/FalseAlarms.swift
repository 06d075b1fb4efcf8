import PlainText

/// Alarms that touch no positive stretch, and how often they come.
public struct FalseAlarms: Sendable, Equatable {
  public var count: Int
  /// Hours of judged frames, positive ones included.
  public var hours: Double
  /// `count / hours`, with the exact 95 % interval of a Poisson rate. Nil without a judged frame.
  public var perHour: Estimate?
  /// What counted as an alarm.
  public var rule: AlarmRule

  public init(count: Int, hours: Double, perHour: Estimate?, rule: AlarmRule) {
    self.count = count
    self.hours = hours
    self.perHour = perHour
    self.rule = rule
  }

  var json: JSONValue {
    .object([
      ("count", .integer(count)), ("hours", .number(hours)), ("per_hour", Estimate.json(perHour)),
      ("merge_gap_seconds", .number(rule.mergeGap)),
      ("minimum_length_seconds", .number(rule.minimumLength)),
    ])
  }
}
