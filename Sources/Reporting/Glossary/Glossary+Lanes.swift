extension GlossaryEntry {
  /// Rows that belong together.
  struct Group {
    var title: String
    var words: [GlossaryEntry]
    /// The object that they are in, where a run may have none of it: then they are left out.
    var object: String?
  }

  /// Every figure of a lane, in the order of the table.
  static let lane: [Group] = [
    Group(title: "The lane", words: whatItIs),
    quality,
    Group(title: "Deadlines", words: deadlines),
    Group(
      title: "Response time",
      words: percentiles(
        "response",
        "From a frame's arrival to its output, backlog included")),
    Group(
      title: "Service time",
      words: percentiles(
        "service",
        "Computing alone: the front-end call and the model call of a call's last frame")),
    Group(title: "Budget: where the response time went", words: budget),
    Group(title: "Warm-up", words: warmUp),
    Group(title: "Books: every sample accounted for", words: books),
    Group(
      title: "Drops beyond the list", words: dropsNotListed, object: "dropped_not_listed"),
  ]

  /// Of the input, the same for all lanes.
  static let input = [
    GlossaryEntry("received", "received", .count, "samples that came, lost ones not among them"),
    GlossaryEntry("rate", "sample rate", .number, "samples a second"),
    GlossaryEntry("channels", "channels", .count, "scalars a sample"),
    GlossaryEntry(
      "gaps", "gaps", .list,
      "stretches of samples that the source lost; the same for all lanes"),
    GlossaryEntry("gaps_not_listed.count", "gaps beyond the list", .count, "further ones"),
    GlossaryEntry("gaps_not_listed.length", "samples in those", .count, "that the source lost"),
  ]

  static let machine = [
    GlossaryEntry("processor", "processor", .text, "where it was measured"),
    GlossaryEntry(
      "kernel_variant", "kernels", .text,
      "the SIMD variant that ran; all give the same bits"),
    GlossaryEntry("cores", "cores", .count, "that the process may use"),
    GlossaryEntry("scheduler_policy", "scheduler", .text, "of the lanes' threads: other or fifo"),
  ]

  private static let whatItIs = [
    GlossaryEntry("architecture", "architecture", .text, "what kind of model"),
    GlossaryEntry("precision", "precision", .text, "of the weights in the kernels"),
    GlossaryEntry("kv", "KV cache", .text, "how a Transformer keeps keys and values"),
    GlossaryEntry("frames", "frames", .count, "time steps given to the model, warm-up included"),
    GlossaryEntry("seconds", "seconds", .seconds, "frames × period"),
    GlossaryEntry(
      "algorithmic_latency_ns", "algorithmic latency", .duration,
      "what must arrive after a frame before its output can: the rest of its chunk"),
    GlossaryEntry(
      "signal_delay_ns", "signal delay", .duration,
      "what lies before arrival: the window; beside the response time, never in it"),
    GlossaryEntry(
      "load", "load", .number,
      "computing time over frames × period; above 1 it cannot keep up"),
    GlossaryEntry("state_bytes", "state", .bytes, "memory of one stream; never grows"),
    GlossaryEntry("weight_bytes", "weights", .bytes, "memory of the model, shared by its streams"),
    GlossaryEntry(
      "macs_per_frame", "MACs a frame", .operations, "multiply-adds that a frame costs"),
  ]

  private static let deadlines = [
    GlossaryEntry(
      "deadline_ns", "deadline", .duration,
      "the latest good response time; by default the algorithmic latency plus a frame"),
    GlossaryEntry(
      "misses.count", "misses", .count,
      "frames over their deadline, dropped ones included"),
    GlossaryEntry("misses.in_warm_up", "in warm-up", .count, "those among them in the warm-up"),
    GlossaryEntry(
      "recovery_count", "disturbances", .count,
      "after the warm-up: from a first miss until 100 frames in a row meet the deadline"),
    GlossaryEntry("recovery", "listed", .list, "the first 100 of them, below"),
  ]

  private static func percentiles(_ path: String, _ meaning: String) -> [GlossaryEntry] {
    [
      GlossaryEntry(path + ".p50", "p50", .duration, meaning + ": half of them took no longer"),
      GlossaryEntry(path + ".p90", "p90", .duration, "nine in ten took no longer"),
      GlossaryEntry(path + ".p99", "p99", .duration, "all but one in a hundred"),
      GlossaryEntry(path + ".p999", "p99.9", .duration, "all but one in a thousand"),
      GlossaryEntry(path + ".max", "max", .duration, "the longest of all"),
    ]
  }

  private static let budget =
    [
      ("queue", "queue", "from arrival to the front-end call: delivery, waking late"),
      ("front_end", "front end", "the call that completes the frame"),
      ("buffering", "buffering", "waiting for the rest of the chunk"),
      ("model", "model", "the model call that yields the output"),
      ("emit", "emit", "handing the output to the writer"),
    ].flatMap { key, name, meaning in
      [
        GlossaryEntry("budget.\(key).p50", "\(name), p50", .duration, meaning),
        GlossaryEntry("budget.\(key).p99", "\(name), p99", .duration, ""),
        GlossaryEntry(
          "budget.mean.\(key)", "\(name), mean", .duration,
          "means add up, percentiles do not"),
      ]
    }

  private static let warmUp =
    [
      GlossaryEntry(
        "warm_up.frames", "frames", .count,
        "at the start, that the percentiles above leave out")
    ]
    + ["response", "service"].flatMap { kind in
      [("p50", "p50"), ("p90", "p90"), ("p99", "p99"), ("p999", "p99.9"), ("max", "max")].map {
        GlossaryEntry("warm_up.\(kind).\($0)", "\(kind), \($1)", .duration, "")
      }
    }

  private static let dropsNotListed = [
    GlossaryEntry("dropped_not_listed.count", "drops", .count, "further runs of skipped frames"),
    GlossaryEntry("dropped_not_listed.frames", "frames", .count, "in those"),
  ]

  private static let books = [
    GlossaryEntry("consumed", "consumed", .count, "samples that frames were made of"),
    GlossaryEntry("tail", "tail", .count, "samples after the last frame: too few for another"),
    GlossaryEntry("dropped", "drops", .list, "runs of frames that the late policy skipped"),
    GlossaryEntry("dropped_samples", "dropped samples", .count, "samples of those frames"),
    GlossaryEntry(
      "overrun", "overrun", .count, "samples that came when the lane was too far behind"),
    GlossaryEntry(
      "clock_adjusted", "clock adjusted", .count,
      "frames whose arrival the device's clock put after the start of computing"),
    GlossaryEntry(
      "lost_records", "lost records", .count, "records that the writer had no room for"),
    GlossaryEntry(
      "writer_delay.p50", "writer delay, p50", .duration,
      "from an output's commit to the return of the write"),
    GlossaryEntry("writer_delay.p99", "writer delay, p99", .duration, ""),
    GlossaryEntry(
      "drift", "minutes", .list, "minute by minute, below: what may drift in long runs"),
  ]
}

extension GlossaryEntry {
  /// How good a lane's outputs were, where labels said what is true.
  static let quality = Group(
    title: "Quality",
    words: [
      GlossaryEntry("quality.kind", "judged as", .text, "one output, or the highest of several"),
      GlossaryEntry("quality.frames", "judged", .count, "frames with a label"),
      GlossaryEntry(
        "quality.unlabelled_frames", "without a label", .count, "they count in nothing"),
      GlossaryEntry(
        "quality.not_a_number", "not a number", .count, "outputs, taken for the lowest"),
    ]
      + estimate(
        "auc", "AUC", "how well outputs part what is there from what is not; 0.5 is guessing")
      + estimate("accuracy", "accuracy", "the share of frames whose class is right")
      + [
        GlossaryEntry(
          "quality.majority_baseline", "majority", .number,
          "the accuracy of always answering the most frequent label")
      ] + estimate("f1", "F1", "of precision and recall; of several classes the mean")
      + [
        GlossaryEntry("quality.unit", "intervals by", .text, "what the bootstrap drew; 95 %"),
        GlossaryEntry("quality.units", "units", .count, "under 20 there is no interval"),
      ] + delays + falseAlarms
      + [
        GlossaryEntry("quality.threshold", "threshold", .number, "over it an output says yes"),
        GlossaryEntry("quality.classes", "classes", .list, "one by one, below"),
      ],
    object: "quality")

  private static func estimate(
    _ key: String, _ name: String, _ meaning: String, unit: Unit = .number
  ) -> [GlossaryEntry] {
    [
      GlossaryEntry("quality.\(key).value", name, unit, meaning),
      GlossaryEntry("quality.\(key).low", "\(name), low", unit, "of its 95 % interval"),
      GlossaryEntry("quality.\(key).high", "\(name), high", unit, ""),
    ]
  }

  private static let delays =
    [
      GlossaryEntry("quality.detection_delay.count", "onsets", .count, "begins of what is there"),
      GlossaryEntry(
        "quality.detection_delay.missed", "onsets missed", .count, "that no output told"),
      GlossaryEntry(
        "quality.detection_delay.delays_ns", "delays listed", .list, "where onsets are few"),
    ]
    + estimate(
      "detection_delay.p50_ns", "delay, p50",
      "from an onset to the first output that says so, computing left out", unit: .duration)
    + estimate("detection_delay.p90_ns", "delay, p90", "the same", unit: .duration)

  private static let falseAlarms =
    [
      GlossaryEntry(
        "quality.false_alarms.count", "false alarms", .count, "that touch nothing that is there"),
      GlossaryEntry("quality.false_alarms.hours", "in hours", .number, "of judged frames"),
    ] + estimate("false_alarms.per_hour", "false alarms / h", "their rate")
    + [
      GlossaryEntry(
        "quality.false_alarms.merge_gap_seconds", "alarms merged within", .seconds,
        "of one another"),
      GlossaryEntry(
        "quality.false_alarms.minimum_length_seconds", "shortest alarm", .seconds,
        "that counts"),
    ]
}
