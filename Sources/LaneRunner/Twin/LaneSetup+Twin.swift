import PlainText
import StreamIO

extension LaneSetup {
  /// Values that wait for a twin at most, whatever the rate and the pace: 64 MiB.
  private static let valueLimit = 1 << 24

  /// The lane's twin; nil for a lane without. `factor` is how many times faster than their own pace
  /// frames come in real time.
  func twin(on grid: FrameGrid, factor: Double) -> Twin? {
    guard let frames = twinFrames else { return nil }
    // Three seconds, by which a live input may be ahead, and what comes at once.
    let seconds = 3 * factor + longestWait(grid)
    let behind = (seconds * 1e9 / grid.framePeriod).rounded(.up)
    let limit = Self.valueLimit / (2 * max(model.inputSize, model.outputSize))
    return Twin(
      of: model, grid: grid, periodFrames: frames,
      framesBehind: Int(min(behind, Double(limit))) + 64 + model.chunkSize)
  }

  /// Throws `usage` for a twin that would begin anew before it gave an output.
  func checkTwin() throws(SourceError) {
    guard let twinPeriod else { return }
    let frames = model.algorithmicLatency + 1
    let needed = Int64((Double(frames) * 1e9 / frameRate).rounded())
    guard twinPeriod < needed else { return }
    throw SourceError(
      .usage,
      "--twin: \(DurationText.exact(twinPeriod)) is shorter than the "
        + "\(DurationText.exact(needed)) after which lane \(name.excerpt) gives outputs, expected "
        + "at least that")
  }

  /// Frames of a twin's period: the whole chunks that come nearest, enough for an output; nil for a
  /// lane without.
  private var twinFrames: Int? {
    twinPeriod.map { period in
      let chunk = Double(model.chunkSize)
      let chunks = (Double(period) / 1e9 * frameRate / chunk).rounded()
      let least = (Double(model.algorithmicLatency + 1) / chunk).rounded(.up)
      return Int(max(chunks, least)) * model.chunkSize
    }
  }
}
