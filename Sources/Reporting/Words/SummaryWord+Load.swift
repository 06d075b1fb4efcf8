extension SummaryWord {
  /// What a controlled load adds to a lane's figures.
  static let load = Group(
    title: "The load",
    words: [
      SummaryWord(
        "streams", "streams", .count, "independent streams of the model, all on one core"),
      SummaryWord("frame_rate", "frame rate", .number, "frames a second of each stream, in Hz"),
      SummaryWord("batch", "streams a call", .count, "that the model takes together"),
      SummaryWord("batch_trials", "sizes tried", .list, "to choose it, below"),
      SummaryWord(
        "stream_frames_per_second", "frames × streams / s", .number,
        "that the core computes at most"),
      SummaryWord(
        "ns_per_stream_frame", "a frame of a stream", .duration,
        "computing time, front end included"),
      SummaryWord(
        "processor_ns", "processor time", .duration, "that the lane's thread got of its core"),
      SummaryWord("core", "core", .count, "that the lane's thread was bound to"),
      SummaryWord(
        "find_max.streams", "most streams", .count,
        "whose p99 of the response time is within the deadline, confirmed by a longer run"),
      SummaryWord("find_max.deadline_ns", "their deadline", .duration, "that p99 is held against"),
      SummaryWord(
        "find_max.confirmed_frames", "confirmed over", .count, "frames after the warm-up"),
      SummaryWord(
        "find_max.at_limit", "search ended by the limit", .text,
        "yes: more streams were not tried"),
      SummaryWord("find_max.bounded_by", "bounded by", .text, "what kept it from more streams"),
      SummaryWord("find_max.probes", "runs of the search", .list, "below"),
    ])
}
