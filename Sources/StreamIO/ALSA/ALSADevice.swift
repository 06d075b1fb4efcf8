#if canImport(CALSA)
  import CALSA
  import Glibc
#endif

/// A capture device that ALSA offers.
public struct ALSADevice: Sendable, Equatable {
  /// What it can do, as far as it says so without capturing.
  public struct Abilities: Sendable, Equatable {
    /// Samples a second, without conversion.
    public var rates: ClosedRange<Int>
    public var channels: ClosedRange<Int>
    /// The sample formats that are read here, as ALSA names them.
    public var formats: [String]
  }

  /// What `--device` takes.
  public var name: String
  /// What ALSA says of it, in one line; empty if nothing.
  public var description: String
  /// Nil for a device that another program has.
  public var abilities: Abilities?

  /// All capture devices that can be opened, or could if they were not busy. Allocates.
  ///
  /// Converters on top of a missing device are not among them, nor is `null`, which yields nothing, or
  /// `jack`, whose library writes to standard error and may start a server. Empty where the library was built without ALSA.
  public static func all() -> [ALSADevice] {
    #if canImport(CALSA)
      calsa_silence_errors()
      var hints: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
      guard unsafe snd_device_name_hint(-1, "pcm", &hints) == 0, let list = unsafe hints else {
        return []
      }
      defer { unsafe snd_device_name_free_hint(list) }
      var devices: [ALSADevice] = []
      var index = 0
      while let hint = unsafe list[index] {
        index += 1
        guard let name = unsafe text("NAME", of: hint), !["null", "jack"].contains(name),
          unsafe text("IOID", of: hint) != "Output"
        else { continue }
        let description = unsafe text("DESC", of: hint) ?? ""
        let line = description.split(separator: "\n").joined(separator: ": ")
        if let device = probe(name, description: line) { devices.append(device) }
      }
      return devices
    #else
      return []
    #endif
  }

  #if canImport(CALSA)
    private static func text(_ id: String, of hint: UnsafeMutableRawPointer) -> String? {
      guard let text = unsafe snd_device_name_get_hint(hint, id) else { return nil }
      defer { unsafe free(text) }
      return unsafe String(cString: text)
    }

    /// The device as it is now, or nil for one that cannot be opened.
    private static func probe(_ name: String, description: String) -> ALSADevice? {
      var device = ALSADevice(name: name, description: description)
      var opened: OpaquePointer?
      let result = unsafe snd_pcm_open(&opened, name, SND_PCM_STREAM_CAPTURE, SND_PCM_NONBLOCK)
      if result == -EBUSY || result == -EAGAIN { return device }
      guard result >= 0, let pcm = unsafe opened else { return nil }
      defer { unsafe snd_pcm_close(pcm) }
      device.abilities = unsafe abilities(of: pcm)
      return device.abilities == nil ? nil : device
    }

    private static func abilities(of pcm: OpaquePointer) -> Abilities? {
      var allocated: OpaquePointer?
      guard unsafe snd_pcm_hw_params_malloc(&allocated) == 0, let parameters = unsafe allocated
      else { return nil }
      defer { unsafe snd_pcm_hw_params_free(parameters) }
      guard unsafe snd_pcm_hw_params_any(pcm, parameters) >= 0 else { return nil }
      _ = unsafe snd_pcm_hw_params_set_rate_resample(pcm, parameters, 0)
      var rates: (low: UInt32, high: UInt32) = (0, 0)
      var channels: (low: UInt32, high: UInt32) = (0, 0)
      var direction: Int32 = 0
      guard unsafe snd_pcm_hw_params_get_rate_min(parameters, &rates.low, &direction) == 0,
        unsafe snd_pcm_hw_params_get_rate_max(parameters, &rates.high, &direction) == 0,
        unsafe snd_pcm_hw_params_get_channels_min(parameters, &channels.low) == 0,
        unsafe snd_pcm_hw_params_get_channels_max(parameters, &channels.high) == 0,
        rates.low <= rates.high, channels.low <= channels.high
      else { return nil }
      let formats = ALSAConfiguration.formats.filter {
        unsafe snd_pcm_hw_params_test_format(pcm, parameters, $0.format) == 0
      }
      return Abilities(
        rates: Int(rates.low)...Int(rates.high),
        channels: Int(channels.low)...Int(channels.high),
        formats: formats.compactMap {
          unsafe snd_pcm_format_name($0.format).map { unsafe String(cString: $0) }
        })
    }
  #endif
}
