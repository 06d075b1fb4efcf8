import CSndFile

/// Sound files as bytes: WAV by hand, so that headers can lie, and anything else by libsndfile.
package enum SoundBytes {
  /// A WAV file of 16-bit samples.
  ///
  /// - Parameters:
  ///   - claimed: what the header says about the data's length; by default the truth.
  ///   - junk: a chunk of odd size before the data.
  package static func wav(
    _ values: [Int16], rate: Int = 16_000, channels: Int = 1, claimed: UInt32? = nil,
    junk: Bool = false
  ) -> [UInt8] {
    wav(
      data: values.flatMap { littleEndian($0) }, tag: 1, bits: 16, rate: rate,
      channels: channels, claimed: claimed, junk: junk)
  }

  /// A WAV file of any uncompressed kind.
  package static func wav(
    data: [UInt8], tag: UInt16, bits: Int, rate: Int = 16_000, channels: Int = 1,
    claimed: UInt32? = nil, junk: Bool = false, extensible: Bool = false
  ) -> [UInt8] {
    let block = bits / 8 * channels
    var format =
      littleEndian(extensible ? 0xFFFE : tag) + littleEndian(UInt16(channels))
      + littleEndian(UInt32(rate)) + littleEndian(UInt32(rate * block))
      + littleEndian(UInt16(block)) + littleEndian(UInt16(bits))
    if extensible {
      format += littleEndian(UInt16(22)) + littleEndian(UInt16(bits)) + littleEndian(UInt32(0))
      format += littleEndian(tag)
      format += [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
    }
    let extra = junk ? Array("LIST".utf8) + littleEndian(UInt32(5)) + [1, 2, 3, 4, 5, 0] : []
    let length = claimed ?? UInt32(data.count)
    let body =
      Array("WAVEfmt ".utf8) + littleEndian(UInt32(format.count)) + format + extra
      + Array("data".utf8) + littleEndian(length) + data
    return Array("RIFF".utf8) + littleEndian(claimed ?? UInt32(body.count)) + body
  }

  /// Writes a sound file with libsndfile: `SF_FORMAT_FLAC | SF_FORMAT_PCM_16` and the like.
  package static func encode(
    _ samples: [Int16], to path: String, format: Int, rate: Int = 16_000, channels: Int = 1
  ) -> Bool {
    var info = SF_INFO()
    info.samplerate = Int32(rate)
    info.channels = Int32(channels)
    info.format = Int32(format)
    guard let file = unsafe sf_open(path, Int32(SFM_WRITE), &info) else { return false }
    let frames = Int64(samples.count / channels)
    let written = unsafe sf_writef_short(file, samples, frames)
    return unsafe sf_close(file) == 0 && written == frames
  }

  /// Reads a sound file with libsndfile, from its path and by itself; empty where it cannot.
  package static func decode(_ path: String) -> [Float] {
    var info = SF_INFO()
    guard let file = unsafe sf_open(path, Int32(SFM_READ), &info) else { return [] }
    var samples: [Float] = []
    var part = [Float](repeating: 0, count: 4096 * Int(info.channels))
    while true {
      let count = unsafe sf_readf_float(file, &part, 4096)
      if count <= 0 { break }
      samples += part[..<(Int(count) * Int(info.channels))]
    }
    _ = unsafe sf_close(file)
    return samples
  }

  package static func littleEndian<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    (0..<MemoryLayout<Value>.size).map { UInt8(truncatingIfNeeded: value >> Value($0 * 8)) }
  }

  /// A tone with some noise, deterministic, in full 16-bit steps.
  package static func tone(_ count: Int) -> [Int16] {
    var state: UInt32 = 1
    return (0..<count).map { index in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Int16((index * 37 % 40_000) - 20_000) + Int16(state >> 20) - 2048
    }
  }
}
