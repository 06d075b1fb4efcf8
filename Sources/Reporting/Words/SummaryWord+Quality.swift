extension SummaryWord {
  /// How good a lane's outputs were, where labels said what is true.
  static let quality = Group(
    title: "Quality",
    words: [
      SummaryWord("quality.kind", "judged as", .text, "one output, or the highest of several"),
      SummaryWord("quality.frames", "judged", .count, "frames with a label"),
      SummaryWord("quality.unlabelled_frames", "without a label", .count, "they count in nothing"),
      SummaryWord("quality.not_a_number", "not a number", .count, "outputs, taken for the lowest"),
    ]
      + estimate(
        "auc", "AUC", "how well outputs part what is there from what is not; 0.5 is guessing")
      + estimate("accuracy", "accuracy", "the share of frames whose class is right")
      + [
        SummaryWord(
          "quality.majority_baseline", "majority", .number,
          "the accuracy of always answering the most frequent label")
      ] + estimate("f1", "F1", "of precision and recall; of several classes the mean")
      + [
        SummaryWord("quality.unit", "intervals by", .text, "what the bootstrap drew; 95 %"),
        SummaryWord("quality.units", "units", .count, "under 20 there is no interval"),
      ] + delays + falseAlarms
      + [
        SummaryWord("quality.threshold", "threshold", .number, "over it an output says yes"),
        SummaryWord("quality.classes", "classes", .list, "one by one, below"),
      ],
    object: "quality")

  private static func estimate(
    _ key: String, _ name: String, _ meaning: String, unit: Unit = .number
  ) -> [SummaryWord] {
    [
      SummaryWord("quality.\(key).value", name, unit, meaning),
      SummaryWord("quality.\(key).low", "\(name), low", unit, "of its 95 % interval"),
      SummaryWord("quality.\(key).high", "\(name), high", unit, ""),
    ]
  }

  private static let delays =
    [
      SummaryWord("quality.detection_delay.count", "onsets", .count, "begins of what is there"),
      SummaryWord(
        "quality.detection_delay.missed", "onsets missed", .count, "that no output told"),
      SummaryWord(
        "quality.detection_delay.delays_ns", "delays listed", .list, "where onsets are few"),
    ]
    + estimate(
      "detection_delay.p50_ns", "delay, p50",
      "from an onset to the first output that says so, computing left out", unit: .duration)
    + estimate("detection_delay.p90_ns", "delay, p90", "the same", unit: .duration)

  private static let falseAlarms =
    [
      SummaryWord(
        "quality.false_alarms.count", "false alarms", .count, "that touch nothing that is there"),
      SummaryWord("quality.false_alarms.hours", "in hours", .number, "of judged frames"),
    ] + estimate("false_alarms.per_hour", "false alarms / h", "their rate")
    + [
      SummaryWord(
        "quality.false_alarms.merge_gap_seconds", "alarms merged within", .seconds,
        "of one another"),
      SummaryWord(
        "quality.false_alarms.minimum_length_seconds", "shortest alarm", .seconds,
        "that counts"),
    ]
}
