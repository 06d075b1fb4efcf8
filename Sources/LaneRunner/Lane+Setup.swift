import LatencyLog
import StreamCore
import StreamIO

extension LaneSetup {
  /// Where the lane's frames lie in a source of that rate; throws `badData` where they cannot.
  func grid(sourceRate: Int, isSound: Bool) throws(SourceError) -> FrameGrid {
    FrameGrid(
      frontEnd: file.frontEnd, chunkSize: file.model.chunkSize, sourceRate: sourceRate,
      resampler: try resampler(from: sourceRate, isSound: isSound))
  }

  /// How many seconds of frames may come at once: those of a chunk, and of the resampler's look-ahead
  /// at the end.
  func longestWait(sourceRate: Int, isSound: Bool) throws(SourceError) -> Double {
    let grid = try grid(sourceRate: sourceRate, isSound: isSound)
    return Double(file.model.algorithmicLatency) * grid.framePeriod / 1e9
      + 2 * grid.signalDelaySeconds + 1
  }

  /// Sound of one channel is brought to the model's rate; nothing else is.
  private func resampler(from sourceRate: Int, isSound: Bool) throws(SourceError) -> Resampler? {
    let rate = file.frontEnd.sampleRate
    guard sourceRate != rate else { return nil }
    guard isSound, file.frontEnd.channels == 1 else {
      throw SourceError(
        .badData, "the input has \(sourceRate) samples a second, lane \(name) expects \(rate)")
    }
    do throws(ConfigurationError) {
      return try Resampler(from: sourceRate, to: rate)
    } catch {
      throw SourceError(
        .badData,
        "the input has \(sourceRate) samples a second, which cannot be brought to the \(rate) of "
          + "lane \(name): \(error)")
    }
  }
}

extension Lane {
  /// A lane for a source; throws `badData` where its rate or channels do not fit.
  convenience init(
    index: Int, setup: LaneSetup, source: any SampleSource, sourceRate: Int, options: RunOptions,
    ringSeconds: Double
  ) throws(SourceError) {
    let frontEnd = setup.file.frontEnd
    let model = setup.file.model
    guard
      let mixer = ChannelMixer(
        inputChannels: source.channelCount, outputChannels: frontEnd.channels,
        channel: options.channel)
    else {
      throw ChannelMixer.refusal(
        of: source.channelCount, channel: options.channel, lane: setup.name,
        expecting: frontEnd.channels)
    }
    let grid = try setup.grid(sourceRate: sourceRate, isSound: source.isSound)
    let factor = options.mode.factor
    let period = grid.framePeriod / factor
    let latency = Int64((Double(model.algorithmicLatency) * period).rounded())
    let description = LaneDescription(
      name: setup.name, architecture: setup.file.architecture,
      precision: setup.file.precision.rawValue, kv: setup.file.kvPrecision?.rawValue,
      deadline: setup.deadline ?? latency + Int64(period.rounded()), framePeriod: period,
      chunkSize: model.chunkSize, algorithmicLatency: latency,
      signalDelay: Int64(
        (grid.signalDelaySeconds * 1e9 / factor).rounded()),
      stateBytes: model.stateBytes(), weightBytes: model.weightBytes,
      macsPerFrame: model.multiplyAddsPerFrame)
    self.init(
      index: index, description: description, grid: grid, mixer: mixer,
      frontEnd: frontEnd.makeStream(), model: model.makeStreams(),
      clock: LaneClock(
        isVirtual: options.mode.isVirtual, start: options.now(), now: options.now),
      latePolicy: options.latePolicy,
      ringCapacity: Int(
        min((ringSeconds * 1e9 / grid.framePeriod).rounded(.up), Double(1 << 20))) + 64
        + model.chunkSize)
  }
}
