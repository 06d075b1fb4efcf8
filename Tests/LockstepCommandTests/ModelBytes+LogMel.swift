extension ModelBytes {
  /// The model behind a log-mel front end at 16 kHz; its inputs must be as many as the bands.
  func withLogMel(window: Int, hop: Int, bands: Int, seed: UInt64) -> ModelBytes {
    var random = SeededNumbers(seed: seed)
    var model = self
    model.frontEnd = """
      {"type":"log_mel","sample_rate":16000,"channels":1,"window":\(window),"hop":\(hop),\
      "mel_bands":\(bands),"low_hz":20,"high_hz":3800}
      """
    model.add("front_end.mean", [bands], scale: 1, around: 14, &random)
    model.add("front_end.std", [bands], scale: 0.5, around: 3, &random)
    return model
  }
}
