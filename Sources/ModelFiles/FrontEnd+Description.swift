import StreamCore

extension FrontEnd {
  /// The kind and its parameters by the names of the model file, a line each.
  var descriptionLines: [String] {
    let rateAndChannels = ["sample_rate \(sampleRate)", "channels \(channels)"]
    return switch self {
    case .none: ["none"] + rateAndChannels
    case .channelNormaliser: ["channel_normaliser"] + rateAndChannels
    case .logMel(let logMel):
      ["log_mel"] + rateAndChannels + [
        "window \(window)", "hop \(hop)", "mel_bands \(frameSize)",
        "low_hz \(logMel.configuration.lowHz)", "high_hz \(logMel.configuration.highHz)",
      ]
    }
  }

  /// How long a number of frames takes to arrive, in ms to the microsecond.
  func duration(frames: Int) -> String {
    let microseconds = (Double(frames) * Double(hop) / Double(sampleRate) * 1_000_000).rounded()
    let milliseconds = "\(microseconds / 1_000)"
    return (milliseconds.hasSuffix(".0") ? String(milliseconds.dropLast(2)) : milliseconds) + " ms"
  }
}
