import StreamIO

/// Turns the source's channels into the model's: the same number, their mean, or one of them.
package struct ChannelMixer: Sendable {
  let inputChannels: Int
  let outputChannels: Int
  /// The channel that is taken instead of the mean, counted from 0.
  let channel: Int?

  /// Whether `mix` writes its samples anew; else it hands on what it got.
  var copies: Bool { channel != nil || inputChannels != outputChannels }

  /// Nil where the channels fit neither way.
  package init?(inputChannels: Int, outputChannels: Int, channel: Int? = nil) {
    if let channel {
      guard outputChannels == 1, (0..<inputChannels).contains(channel) else { return nil }
    } else {
      guard inputChannels == outputChannels || outputChannels == 1 else { return nil }
    }
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.channel = channel
  }

  /// The same channels on both sides.
  init(channels: Int) {
    inputChannels = channels
    outputChannels = channels
    channel = nil
  }

  /// Why there is no mixer for these channels.
  package static func refusal(
    of inputChannels: Int, channel: Int?, lane: String, expecting outputChannels: Int
  ) -> SourceError {
    guard let channel, outputChannels > 1 else {
      return SourceError(
        .badData,
        "the input has \(inputChannels) channels, lane \(lane) expects \(outputChannels)")
    }
    return SourceError(
      .badData,
      "--channel \(channel + 1) leaves one channel of the input's \(inputChannels), lane \(lane) "
        + "expects \(outputChannels)")
  }

  /// `[count, inputChannels]` to `[count, outputChannels]`: the samples themselves or `scratch`, filled.
  /// The mean is the sum in ascending order over the number of channels. Does not allocate.
  @unsafe package func mix(
    _ samples: UnsafePointer<Float>, count: Int, into scratch: UnsafeMutablePointer<Float>
  ) -> UnsafePointer<Float> {
    if let channel {
      for i in 0..<count { unsafe scratch[i] = samples[i * inputChannels + channel] }
      return unsafe UnsafePointer(scratch)
    }
    guard inputChannels != outputChannels else { return unsafe samples }
    for i in 0..<count {
      var sum: Float = 0
      for channel in 0..<inputChannels { unsafe sum += samples[i * inputChannels + channel] }
      unsafe scratch[i] = sum / Float(inputChannels)
    }
    return unsafe UnsafePointer(scratch)
  }
}
