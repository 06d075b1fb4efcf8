#if canImport(CALSA)
  import CALSA

  /// What an open device and this program agreed on.
  struct ALSAConfiguration: Equatable {
    /// Samples a second.
    var rate: Int
    /// Scalars a sample.
    var channels: Int
    var encoding: PCMEncoding
    /// Samples from one wake-up to the next.
    var period: Int
    /// Samples that the device holds for a reader that is late.
    var buffer: Int

    var sampleSize: Int { channels * encoding.byteCount }

    /// Formats in the order in which they are tried, the one that loses least first.
    static let formats: [(format: snd_pcm_format_t, encoding: PCMEncoding)] = [
      (SND_PCM_FORMAT_S32_LE, .s32le), (SND_PCM_FORMAT_FLOAT_LE, .f32le),
      (SND_PCM_FORMAT_S24_3LE, .s24le), (SND_PCM_FORMAT_S16_LE, .s16le),
    ]

    /// Negotiates and sets everything up to `snd_pcm_prepare`.
    ///
    /// The library's own rate conversion is left out where that is possible: it has an unknown delay
    /// and, as it comes, a poor filter.
    static func negotiate(
      _ pcm: OpaquePointer, options: ALSAOptions
    ) throws(ALSAError) -> ALSAConfiguration {
      do throws(ALSAError) {
        return try unsafe negotiate(pcm, options: options, converts: false)
      } catch {
        return try unsafe negotiate(pcm, options: options, converts: true)
      }
    }

    private static func negotiate(
      _ pcm: OpaquePointer, options: ALSAOptions, converts: Bool
    ) throws(ALSAError) -> ALSAConfiguration {
      var allocated: OpaquePointer?
      try unsafe ALSAError.check(snd_pcm_hw_params_malloc(&allocated))
      guard let parameters = unsafe allocated else { throw ALSAError(code: -ENOMEM) }
      defer { unsafe snd_pcm_hw_params_free(parameters) }
      try unsafe ALSAError.check(snd_pcm_hw_params_any(pcm, parameters))
      if !converts {
        try unsafe ALSAError.check(snd_pcm_hw_params_set_rate_resample(pcm, parameters, 0))
      }
      try unsafe ALSAError.check(
        snd_pcm_hw_params_set_access(pcm, parameters, SND_PCM_ACCESS_RW_INTERLEAVED))

      var channels = UInt32(options.channels)
      try unsafe ALSAError.check(
        snd_pcm_hw_params_set_channels_near(pcm, parameters, &channels))
      var rate = UInt32(options.rate)
      var direction: Int32 = 0
      try unsafe ALSAError.check(
        snd_pcm_hw_params_set_rate_near(pcm, parameters, &rate, &direction))
      let known = formats.first {
        unsafe snd_pcm_hw_params_set_format(pcm, parameters, $0.format) == 0
      }
      guard let known else { throw ALSAError(code: -ENOTSUP) }

      // The period first: it decides how late samples come, the buffer only what a stall costs.
      var most = snd_pcm_uframes_t(max(1, (Double(rate) * options.hop / 4).rounded(.down)))
      let wanted = most
      direction = 0
      _ = unsafe snd_pcm_hw_params_set_period_size_max(pcm, parameters, &most, &direction)
      var period = wanted
      direction = 0
      try unsafe ALSAError.check(
        snd_pcm_hw_params_set_period_size_near(pcm, parameters, &period, &direction))
      var buffer = snd_pcm_uframes_t(rate)
      try unsafe ALSAError.check(
        snd_pcm_hw_params_set_buffer_size_near(pcm, parameters, &buffer))
      try unsafe ALSAError.check(snd_pcm_hw_params(pcm, parameters))
      direction = 0
      _ = unsafe snd_pcm_hw_params_get_period_size(parameters, &period, &direction)
      _ = unsafe snd_pcm_hw_params_get_buffer_size(parameters, &buffer)
      try unsafe setUpWakeUps(pcm, period: period)
      return ALSAConfiguration(
        rate: Int(rate), channels: Int(channels), encoding: known.encoding, period: Int(period),
        buffer: Int(buffer))
    }

    /// Wakes the reader every period, and stamps with the monotonic clock.
    private static func setUpWakeUps(
      _ pcm: OpaquePointer, period: snd_pcm_uframes_t
    ) throws(ALSAError) {
      var allocated: OpaquePointer?
      try unsafe ALSAError.check(snd_pcm_sw_params_malloc(&allocated))
      guard let parameters = unsafe allocated else { throw ALSAError(code: -ENOMEM) }
      defer { unsafe snd_pcm_sw_params_free(parameters) }
      try unsafe ALSAError.check(snd_pcm_sw_params_current(pcm, parameters))
      try unsafe ALSAError.check(snd_pcm_sw_params_set_avail_min(pcm, parameters, period))
      // A plug-in that cannot stamp leaves that to the reader, who looks at the clock anyway.
      _ = unsafe snd_pcm_sw_params_set_tstamp_mode(pcm, parameters, SND_PCM_TSTAMP_ENABLE)
      _ = unsafe snd_pcm_sw_params_set_tstamp_type(
        pcm, parameters, SND_PCM_TSTAMP_TYPE_MONOTONIC)
      try unsafe ALSAError.check(snd_pcm_sw_params(pcm, parameters))
    }
  }
#endif
