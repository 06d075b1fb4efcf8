import LatencyLog
import StreamCore
import StreamIO

extension LaneSetup {
  /// How long an output may wait for later frames.
  var latencySeconds: Double {
    Double(file.model.algorithmicLatency * file.frontEnd.hop) / Double(file.frontEnd.sampleRate)
  }
}

extension Lane {
  /// A lane for a source; throws `badData` where its rate or channels do not fit.
  convenience init(
    index: Int, setup: LaneSetup, source: any SampleSource, sourceRate: Int, options: RunOptions,
    start: Int64, ringSeconds: Double
  ) throws(SourceError) {
    let frontEnd = setup.file.frontEnd
    let model = setup.file.model
    guard
      let mixer = ChannelMixer(
        inputChannels: source.channelCount, outputChannels: frontEnd.channels,
        channel: options.channel)
    else {
      throw SourceError(
        .badData,
        "the input has \(source.channelCount) channels, lane \(setup.name) expects "
          + "\(frontEnd.channels)")
    }
    let grid = FrameGrid(
      frontEnd: frontEnd, chunkSize: model.chunkSize, sourceRate: sourceRate,
      resampler: try Self.resampler(for: setup, from: sourceRate, isSound: source.isSound))
    let factor = options.mode.factor
    let period = grid.framePeriod / factor
    let latency = Int64((Double(model.algorithmicLatency) * period).rounded())
    let description = LaneDescription(
      name: setup.name, architecture: setup.file.architecture, precision: "f32",
      deadline: setup.deadline ?? latency + Int64(period.rounded()), framePeriod: period,
      chunkSize: model.chunkSize, algorithmicLatency: latency,
      signalDelay: Int64(
        (grid.signalDelaySeconds * 1e9 / factor).rounded()),
      stateBytes: model.stateBytes(), weightBytes: model.weightBytes,
      macsPerFrame: model.multiplyAddsPerFrame)
    self.init(
      index: index, description: description, grid: grid, mixer: mixer,
      frontEnd: frontEnd.makeStream(), model: model.makeStreams(),
      clock: LaneClock(isVirtual: options.mode.isVirtual, start: start, now: options.now),
      ringCapacity: Int((ringSeconds * 1e9 / grid.framePeriod).rounded(.up)) + 64)
  }

  /// Sound of one channel is brought to the model's rate; nothing else is.
  private static func resampler(
    for setup: LaneSetup, from sourceRate: Int, isSound: Bool
  ) throws(SourceError) -> Resampler? {
    let rate = setup.file.frontEnd.sampleRate
    guard sourceRate != rate else { return nil }
    guard isSound, setup.file.frontEnd.channels == 1 else {
      throw SourceError(
        .badData,
        "the input has \(sourceRate) samples a second, lane \(setup.name) expects \(rate)")
    }
    do throws(ConfigurationError) {
      return try Resampler(from: sourceRate, to: rate)
    } catch {
      throw SourceError(
        .badData,
        "the input has \(sourceRate) samples a second, which cannot be brought to the \(rate) of "
          + "lane \(setup.name): \(error)")
    }
  }
}
