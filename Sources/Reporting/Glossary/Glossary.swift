/// A figure of a lane's summary: where it stands in the JSON, what people call it, and what it means.
struct GlossaryEntry {
  /// How a value is written for people.
  enum Unit {
    case text
    case count
    /// A plain number.
    case number
    /// Nanoseconds.
    case duration
    case seconds
    case bytes
    case operations
    /// A list of objects: how many.
    case list
  }

  /// The dotted path in the lane's JSON.
  var path: String
  var name: String
  var unit: Unit
  var meaning: String

  init(_ path: String, _ name: String, _ unit: Unit, _ meaning: String) {
    self.path = path
    self.name = name
    self.unit = unit
    self.meaning = meaning
  }
}

extension GlossaryEntry {
  /// What a controlled load adds to a lane's figures.
  static let load = Group(
    title: "The load",
    words: [
      GlossaryEntry(
        "streams", "streams", .count, "independent streams of the model, all on one core"),
      GlossaryEntry("frame_rate", "frame rate", .number, "frames a second of each stream, in Hz"),
      GlossaryEntry("batch", "streams a call", .count, "that the model takes together"),
      GlossaryEntry("batch_trials", "sizes tried", .list, "to choose it, below"),
      GlossaryEntry(
        "stream_frames_per_second", "frames × streams / s", .number,
        "that the core computes at most"),
      GlossaryEntry(
        "ns_per_stream_frame", "a frame of a stream", .duration,
        "computing time, front end included"),
      GlossaryEntry(
        "processor_ns", "processor time", .duration, "that the lane's thread got of its core"),
      GlossaryEntry("core", "core", .count, "that the lane's thread was bound to"),
      GlossaryEntry(
        "find_max.streams", "most streams", .count,
        "whose p99 of the response time is within the deadline, confirmed by a longer run"),
      GlossaryEntry(
        "find_max.deadline_ns", "their deadline", .duration, "that p99 is held against"),
      GlossaryEntry(
        "find_max.confirmed_frames", "confirmed over", .count, "frames after the warm-up"),
      GlossaryEntry(
        "find_max.at_limit", "search ended by the limit", .text,
        "yes: more streams were not tried"),
      GlossaryEntry("find_max.bounded_by", "bounded by", .text, "what kept it from more streams"),
      GlossaryEntry("find_max.probes", "runs of the search", .list, "below"),
    ])
}

extension GlossaryEntry {
  /// The columns of a sweep's table of points.
  static let point: [GlossaryEntry] =
    [
      GlossaryEntry("model", "model", .text, "as named in --model"),
      GlossaryEntry("chunk", "chunk", .count, "frames that one call of a Transformer takes"),
      GlossaryEntry("left_context", "left context", .count, "frames before it that attention sees"),
      GlossaryEntry("precision", "weights", .text, "as loaded into the kernels"),
      GlossaryEntry(
        "front", "front", .text,
        "on: no other point is as good and as soon; undecided: off by values that intervals do "
          + "not tell apart"),
    ]
    + spread("quality.auc", "AUC", .number, "how well outputs part what is there from what is not")
    + spread("quality.accuracy", "accuracy", .number, "the share of frames whose class is right")
    + [
      GlossaryEntry(
        "algorithmic_latency_ns", "algorithmic latency", .duration,
        "waiting for the rest of the chunk, computing left out"),
      GlossaryEntry("response.p50.value", "response p50", .duration, "half of the frames by then"),
    ]
    + spread("response.p99", "response p99", .duration, "all but one in a hundred by then")
    + [
      GlossaryEntry("service.p50.value", "service p50", .duration, "computing alone, a call"),
      GlossaryEntry("service.p99.value", "service p99", .duration, "a dash: too few calls"),
    ]
    + spread("load", "load", .number, "computing time over the input's; above 1 it cannot keep up")
    + [
      GlossaryEntry("parameters", "parameters", .operations, "values in the model's tensors"),
      GlossaryEntry(
        "weight_bytes", "weights, bytes", .bytes, "of the model, shared by its streams"),
      GlossaryEntry("state_bytes", "state", .bytes, "of one stream"),
      GlossaryEntry("macs_per_frame", "MACs a frame", .operations, "multiply-adds"),
      GlossaryEntry("frames", "frames", .count, "of one run"),
    ]

  /// A figure with its interval.
  private static func spread(
    _ path: String, _ name: String, _ unit: Unit, _ meaning: String
  ) -> [GlossaryEntry] {
    [
      GlossaryEntry(path + ".value", name, unit, meaning),
      GlossaryEntry(path + ".low", "low", unit, "of its interval"),
      GlossaryEntry(path + ".high", "high", unit, "of its interval"),
    ]
  }
}
