import StreamIO

/// Turns the source's channels into the model's: the same, some of them in another order, or a mean.
package struct ChannelMixer: Sendable {
  let inputChannels: Int
  let outputChannels: Int
  /// The channels that are taken, counted from 0; nil takes all in order.
  private let taken: [Int]?
  /// Whether the only output is the mean of what is taken.
  private let isMean: Bool

  /// Whether `mix` writes its samples anew; else it hands on what it got.
  var copies: Bool { taken != nil || isMean }

  /// Nil where the channels fit neither way.
  package init?(inputChannels: Int, outputChannels: Int, channel: Int? = nil) {
    if let channel {
      guard outputChannels == 1, (0..<inputChannels).contains(channel) else { return nil }
    } else {
      guard inputChannels == outputChannels || outputChannels == 1 else { return nil }
    }
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    taken = channel.map { [$0] }
    isMean = channel == nil && inputChannels != outputChannels
  }

  /// The same channels on both sides.
  init(channels: Int) {
    self.init(inputChannels: channels, taking: Array(0..<channels), areAveraged: false)
  }

  /// Some of the channels, in an order, or their mean.
  init(inputChannels: Int, taking channels: [Int], areAveraged: Bool) {
    precondition(channels.allSatisfy((0..<inputChannels).contains), "channels of the input")
    self.inputChannels = inputChannels
    outputChannels = areAveraged ? 1 : channels.count
    taken = channels == Array(0..<inputChannels) ? nil : channels
    isMean = areAveraged
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
    guard copies else { return unsafe samples }
    guard isMean else {
      guard let taken else { return unsafe samples }
      for i in 0..<count {
        for (channel, source) in taken.enumerated() {
          unsafe scratch[i * outputChannels + channel] = samples[i * inputChannels + source]
        }
      }
      return unsafe UnsafePointer(scratch)
    }
    if taken == nil, inputChannels == 2 {
      // The same sum; with constants the compiler makes vectors of it.
      for i in 0..<count {
        unsafe scratch[i] = (0 + samples[i &* 2] + samples[i &* 2 &+ 1]) / 2
      }
      return unsafe UnsafePointer(scratch)
    }
    for i in 0..<count {
      var sum: Float = 0
      if let taken {
        for channel in taken { unsafe sum += samples[i * inputChannels + channel] }
      } else {
        for channel in 0..<inputChannels { unsafe sum += samples[i * inputChannels + channel] }
      }
      unsafe scratch[i] = sum / Float(taken?.count ?? inputChannels)
    }
    return unsafe UnsafePointer(scratch)
  }
}
