extension FrontEndConfiguration {
  /// The kind and its parameters, a line each.
  var descriptionLines: [String] {
    switch self {
    case .none(let sampleRate, let channels):
      ["none", "sample_rate \(sampleRate)", "channels \(channels)"]
    case .channelNormaliser(let sampleRate, let channels):
      ["channel_normaliser", "sample_rate \(sampleRate)", "channels \(channels)"]
    case .logMel(let configuration):
      [
        "log_mel", "sample_rate \(configuration.sampleRate)", "channels 1",
        "window \(configuration.window)", "hop \(configuration.hop)",
        "mel_bands \(configuration.melBands)", "low_hz \(configuration.lowHz)",
        "high_hz \(configuration.highHz)",
      ]
    }
  }

  /// How long a number of frames takes to arrive, in ms to the microsecond.
  func duration(frames: Int) -> String {
    let microseconds =
      (Double(frames) * Double(hop) / Double(sampleRate) * 1_000_000).rounded()
    let milliseconds = "\(microseconds / 1_000)"
    return (milliseconds.hasSuffix(".0") ? String(milliseconds.dropLast(2)) : milliseconds)
      + " ms"
  }
}
