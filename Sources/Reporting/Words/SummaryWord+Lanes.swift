extension SummaryWord {
  /// Rows that belong together.
  struct Group {
    var title: String
    var words: [SummaryWord]
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
    SummaryWord("received", "received", .count, "samples that came, lost ones not among them"),
    SummaryWord("rate", "sample rate", .number, "samples a second"),
    SummaryWord("channels", "channels", .count, "scalars a sample"),
    SummaryWord(
      "gaps", "gaps", .list,
      "stretches of samples that the source lost; the same for all lanes"),
    SummaryWord("gaps_not_listed.count", "gaps beyond the list", .count, "further ones"),
    SummaryWord("gaps_not_listed.length", "samples in those", .count, "that the source lost"),
  ]

  static let machine = [
    SummaryWord("processor", "processor", .text, "where it was measured"),
    SummaryWord(
      "kernel_variant", "kernels", .text,
      "the SIMD variant that ran; all give the same bits"),
    SummaryWord("cores", "cores", .count, "that the process may use"),
    SummaryWord("scheduler_policy", "scheduler", .text, "of the lanes' threads: other or fifo"),
  ]

  private static let whatItIs = [
    SummaryWord("architecture", "architecture", .text, "what kind of model"),
    SummaryWord("precision", "precision", .text, "of the weights in the kernels"),
    SummaryWord("kv", "KV cache", .text, "how a Transformer keeps keys and values"),
    SummaryWord("frames", "frames", .count, "time steps given to the model, warm-up included"),
    SummaryWord("seconds", "seconds", .seconds, "frames × period"),
    SummaryWord(
      "algorithmic_latency_ns", "algorithmic latency", .duration,
      "what must arrive after a frame before its output can: the rest of its chunk"),
    SummaryWord(
      "signal_delay_ns", "signal delay", .duration,
      "what lies before arrival: the window; beside the response time, never in it"),
    SummaryWord(
      "load", "load", .number,
      "computing time over frames × period; above 1 it cannot keep up"),
    SummaryWord("state_bytes", "state", .bytes, "memory of one stream; never grows"),
    SummaryWord("weight_bytes", "weights", .bytes, "memory of the model, shared by its streams"),
    SummaryWord("macs_per_frame", "MACs a frame", .operations, "multiply-adds that a frame costs"),
  ]

  private static let deadlines = [
    SummaryWord(
      "deadline_ns", "deadline", .duration,
      "the latest good response time; by default the algorithmic latency plus a frame"),
    SummaryWord(
      "misses.count", "misses", .count,
      "frames over their deadline, dropped ones included"),
    SummaryWord("misses.in_warm_up", "in warm-up", .count, "those among them in the warm-up"),
    SummaryWord(
      "recovery_count", "disturbances", .count,
      "after the warm-up: from a first miss until 100 frames in a row meet the deadline"),
    SummaryWord("recovery", "listed", .list, "the first 100 of them, below"),
  ]

  private static func percentiles(_ path: String, _ meaning: String) -> [SummaryWord] {
    [
      SummaryWord(path + ".p50", "p50", .duration, meaning + ": half of them took no longer"),
      SummaryWord(path + ".p90", "p90", .duration, "nine in ten took no longer"),
      SummaryWord(path + ".p99", "p99", .duration, "all but one in a hundred"),
      SummaryWord(path + ".p999", "p99.9", .duration, "all but one in a thousand"),
      SummaryWord(path + ".max", "max", .duration, "the longest of all"),
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
        SummaryWord("budget.\(key).p50", "\(name), p50", .duration, meaning),
        SummaryWord("budget.\(key).p99", "\(name), p99", .duration, ""),
        SummaryWord(
          "budget.mean.\(key)", "\(name), mean", .duration,
          "means add up, percentiles do not"),
      ]
    }

  private static let warmUp =
    [
      SummaryWord(
        "warm_up.frames", "frames", .count,
        "at the start, that the percentiles above leave out")
    ]
    + ["response", "service"].flatMap { kind in
      [("p50", "p50"), ("p90", "p90"), ("p99", "p99"), ("p999", "p99.9"), ("max", "max")].map {
        SummaryWord("warm_up.\(kind).\($0)", "\(kind), \($1)", .duration, "")
      }
    }

  private static let dropsNotListed = [
    SummaryWord("dropped_not_listed.count", "drops", .count, "further runs of skipped frames"),
    SummaryWord("dropped_not_listed.frames", "frames", .count, "in those"),
  ]

  private static let books = [
    SummaryWord("consumed", "consumed", .count, "samples that frames were made of"),
    SummaryWord("tail", "tail", .count, "samples after the last frame: too few for another"),
    SummaryWord("dropped", "drops", .list, "runs of frames that the late policy skipped"),
    SummaryWord("dropped_samples", "dropped samples", .count, "samples of those frames"),
    SummaryWord("overrun", "overrun", .count, "samples that came when the lane was too far behind"),
    SummaryWord(
      "clock_adjusted", "clock adjusted", .count,
      "frames whose arrival the device's clock put after the start of computing"),
    SummaryWord("lost_records", "lost records", .count, "records that the writer had no room for"),
    SummaryWord(
      "writer_delay.p50", "writer delay, p50", .duration,
      "from an output's commit to the return of the write"),
    SummaryWord("writer_delay.p99", "writer delay, p99", .duration, ""),
    SummaryWord("drift", "minutes", .list, "minute by minute, below: what may drift in long runs"),
  ]
}
