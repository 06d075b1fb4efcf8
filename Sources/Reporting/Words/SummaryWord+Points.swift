extension SummaryWord {
  /// The columns of a sweep's table of points.
  static let point: [SummaryWord] =
    [
      SummaryWord("model", "model", .text, "as named in --model"),
      SummaryWord("chunk", "chunk", .count, "frames that one call of a Transformer takes"),
      SummaryWord("left_context", "left context", .count, "frames before it that attention sees"),
      SummaryWord("precision", "weights", .text, "as loaded into the kernels"),
      SummaryWord(
        "front", "front", .text,
        "on: no other point is as good and as soon; undecided: off by values that intervals do "
          + "not tell apart"),
    ]
    + spread("quality.auc", "AUC", .number, "how well outputs part what is there from what is not")
    + spread("quality.accuracy", "accuracy", .number, "the share of frames whose class is right")
    + [
      SummaryWord(
        "algorithmic_latency_ns", "algorithmic latency", .duration,
        "waiting for the rest of the chunk, computing left out"),
      SummaryWord("response.p50.value", "response p50", .duration, "half of the frames by then"),
    ]
    + spread("response.p99", "response p99", .duration, "all but one in a hundred by then")
    + [
      SummaryWord("service.p50.value", "service p50", .duration, "computing alone, a call"),
      SummaryWord("service.p99.value", "service p99", .duration, "a dash: too few calls"),
    ]
    + spread("load", "load", .number, "computing time over the input's; above 1 it cannot keep up")
    + [
      SummaryWord("parameters", "parameters", .operations, "values in the model's tensors"),
      SummaryWord("weight_bytes", "weights, bytes", .bytes, "of the model, shared by its streams"),
      SummaryWord("state_bytes", "state", .bytes, "of one stream"),
      SummaryWord("macs_per_frame", "MACs a frame", .operations, "multiply-adds"),
      SummaryWord("frames", "frames", .count, "of one run"),
    ]

  /// A figure with its interval.
  private static func spread(
    _ path: String, _ name: String, _ unit: Unit, _ meaning: String
  ) -> [SummaryWord] {
    [
      SummaryWord(path + ".value", name, unit, meaning),
      SummaryWord(path + ".low", "low", unit, "of its interval"),
      SummaryWord(path + ".high", "high", unit, "of its interval"),
    ]
  }
}
