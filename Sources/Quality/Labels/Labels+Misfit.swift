extension Labels {
  /// What to say of labels that end behind a recording, or of which it has few; nil for labels that fit it.
  ///
  /// - Parameters:
  ///   - recording: its first instant and its end, in seconds on the clock of the labels.
  ///   - frames: how many a model made of it.
  ///   - rates: samples a second that the labels may count in.
  public func misfit(
    with recording: Range<Double>, frames: UInt64, rates: [Double]
  ) -> String? {
    guard let first = stretches.first, let last = stretches.last else { return nil }
    guard form != .frames else { return frameMisfit(frames) }
    let scale = { (instant: Int64) in Double(instant) / 1e9 }
    // The end of the last row of this form is none that the file says.
    let end = scale(form == .times ? last.start : last.end)
    var (inside, whole, count) = (0.0, 0.0, 0)
    for stretch in stretches {
      let (start, end) = (scale(stretch.start), scale(stretch.end))
      let part = min(end, recording.upperBound) - max(start, recording.lowerBound)
      whole += end - start
      inside += max(0, part)
      if part > 0 { count += 1 }
    }
    // What rounding puts behind the end is no misfit.
    let length = recording.upperBound - recording.lowerBound
    guard end > recording.upperBound + 0.1 + length / 1_000 || inside < whole / 2 else {
      return nil
    }
    let place =
      recording.lowerBound == 0
      ? "the recording ends at \(Labels.text(recording.upperBound)) s"
      : "the recording goes from \(Labels.text(recording.lowerBound)) to "
        + "\(Labels.text(recording.upperBound)) s"
    return
      "\(path): its labels go from \(Labels.text(scale(first.start))) to \(Labels.text(end)) s, \(place), "
      + "and \(count) of \(stretches.count) are judged; "
      + (likelyUnit(end: end, recording, rates: rates).map { "they seem to be in \($0), expected " }
        ?? "expected ")
      + (recording.lowerBound == 0
        ? "seconds since the stream began" : "seconds on the clock of its stamps")
  }

  private func frameMisfit(_ frames: UInt64) -> String? {
    guard let last = stretches.last else { return nil }
    let inside = stretches.count { $0.start < Int64(clamping: frames) }
    // A tail too short for a frame may have a label.
    guard stretches.count - inside > max(1, stretches.count / 100) else { return nil }
    return
      "\(path): its last label is of frame \(last.start), the recording has \(frames) frames, and "
      + "\(inside) of \(stretches.count) labels are judged; expected frames of the model"
  }

  /// The unit in which the last label ends in the second half of the recording.
  private func likelyUnit(
    end: Double, _ recording: Range<Double>, rates: [Double]
  ) -> String? {
    let length = recording.upperBound - recording.lowerBound
    guard length > 0 else { return nil }
    let units: [(name: String, seconds: Double)] =
      [
        ("milliseconds", 1e-3), ("microseconds", 1e-6), ("nanoseconds", 1e-9),
        ("frames of 10 ms", 0.01), ("frames of 20 ms", 0.02),
      ] + rates.map { ("samples at \(Labels.text($0)) Hz", 1 / $0) }
    var best: (name: String, share: Double)?
    func look(_ name: String, _ share: Double) {
      if share > 0.5, share <= 1.05, share > best?.share ?? 0 { best = (name, share) }
    }
    if recording.lowerBound != 0 { look("seconds since its first sample", end / length) }
    for unit in units {
      look(unit.name, (end * unit.seconds - recording.lowerBound) / length)
    }
    return best?.name
  }

  private static func text(_ value: Double) -> String {
    let text = "\((value * 1_000).rounded() / 1_000)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
