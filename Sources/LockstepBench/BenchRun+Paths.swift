/// The ways of recordings through default lanes, part by part.
extension BenchRun {
  /// A row for each path, and by name what costs more than a model of L1's size. Allocates.
  var pathLines: [String] {
    let whole = measurements.filter { $0.workload.place?.part == nil && $0.workload.place != nil }
    guard !whole.isEmpty else { return [] }
    let header =
      ["path", "frames", "all"] + PathPart.allCases.map(\.rawValue)
      + ["rest", "rounds", "allocations"]
    let body = whole.map { row in
      [row.workload.name, "\(row.workload.framesPerCall)", Self.microseconds(frameTime(row))]
        + PathPart.allCases.map { Self.microseconds(time(of: $0, row)) }
        + [
          Self.microseconds(rest(row)),
          Self.microseconds(row.rounds.least / frames(row)) + ".."
            + Self.microseconds(row.rounds.most / frames(row)),
          Self.fixed(row.allocations, 3),
        ]
    }
    return [""] + Self.columns([header] + body, leading: 1) + [
      "",
      "Times in us a frame, medians of calls of so many frames: all = from the file's bytes to those of the"
        + " output line, as a replay goes; then each part by itself; rest = all - the parts:"
        + " the lane's clocks and rings, the writer, what parts cost more in company.",
    ] + verdict(whole)
  }

  /// Which parts take longer than L1 in f32, where that was measured.
  private func verdict(_ whole: [Measurement]) -> [String] {
    let small = measurements.first { $0.workload.name == "L1" && $0.workload.precision == .f32 }
    guard let limit = small?.p50 else {
      return ["L1 was not measured: nothing to compare the parts with."]
    }
    let over = whole.flatMap { row in
      let parts = PathPart.allCases.filter { $0 != .model }.map { ($0.rawValue, time(of: $0, row)) }
      return (parts + [("rest", rest(row))]).compactMap { name, time in
        time.flatMap { time in
          time > limit ? "\(row.workload.name) \(name) \(Self.microseconds(time))" : nil
        }
      }
    }
    return [
      "A frame of L1 in f32 takes \(Self.microseconds(limit)) us. Beside models, over that: "
        + (over.isEmpty ? "nothing." : over.joined(separator: ", ") + ".")
    ]
  }

  private func frames(_ row: Measurement) -> Double { Double(row.workload.framesPerCall) }

  private func frameTime(_ row: Measurement) -> Double? { row.p50.map { $0 / frames(row) } }

  /// Of a path's part; nil where it has none such.
  private func time(of part: PathPart, _ row: Measurement) -> Double? {
    measurements.first {
      $0.workload.row == row.workload.row && $0.workload.place?.part == part
    }.flatMap(frameTime)
  }

  /// What no part accounts for; nil where not all were measured.
  private func rest(_ row: Measurement) -> Double? {
    let parts = PathPart.allCases.compactMap { time(of: $0, row) }
    guard !parts.isEmpty else { return nil }
    return frameTime(row).map { $0 - parts.reduce(0, +) }
  }
}
