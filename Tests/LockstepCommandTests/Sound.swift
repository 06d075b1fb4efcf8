import CSndFile
import Foundation

/// Samples, and the ways in which a file or a pipe may hold them.
enum Sound {
  /// Two tones that come and go in noise: the same samples for the same count, in 16 bits.
  static func samples(_ count: Int, seed: UInt64 = 1) -> [Int16] {
    var random = SeededNumbers(seed: seed)
    return (0..<count).map { index in
      let time = Double(index) / 16_000
      let tone = sin(2 * .pi * 440 * time) + sin(2 * .pi * 1_330 * time)
      let level = 4_000 * (1 + sin(2 * .pi * 1.7 * time))
      return Int16(level * tone + 300 * Double(random.value()))
    }
  }

  /// The samples as s16le.
  static func bytes(_ samples: [Int16]) -> [UInt8] { samples.flatMap(littleEndian) }

  /// The samples as f32le.
  static func floatBytes(_ samples: [Float]) -> [UInt8] {
    samples.flatMap { littleEndian($0.bitPattern) }
  }

  /// A WAV file of 16-bit samples whose header may claim another number of bytes than there are.
  static func wav(
    _ samples: [Int16], rate: UInt32 = 16_000, channels: UInt16 = 1, claims: UInt32? = nil
  ) -> [UInt8] {
    let data = bytes(samples)
    let length = claims ?? UInt32(data.count)
    let whole = length < UInt32.max - 36 ? length + 36 : length
    let block = UInt32(channels) * 2
    var header = Array("RIFF".utf8) + littleEndian(whole) + Array("WAVEfmt ".utf8)
    header += littleEndian(UInt32(16)) + littleEndian(UInt16(1)) + littleEndian(channels)
    header += littleEndian(rate) + littleEndian(rate &* block)
    header += littleEndian(UInt16(block)) + littleEndian(UInt16(16))
    return header + Array("data".utf8) + littleEndian(length) + data
  }

  /// Writes a FLAC file of 16-bit samples.
  static func writeFLAC(_ samples: [Int16], to path: String) throws {
    var info = SF_INFO()
    info.samplerate = 16_000
    info.channels = 1
    info.format = Int32(SF_FORMAT_FLAC | SF_FORMAT_PCM_16)
    guard let file = unsafe sf_open(path, Int32(SFM_WRITE), &info) else {
      throw CocoaError(.fileWriteUnknown)
    }
    let written = unsafe sf_writef_short(file, samples, Int64(samples.count))
    guard unsafe sf_close(file) == 0, written == samples.count else {
      throw CocoaError(.fileWriteUnknown)
    }
  }

  static func littleEndian<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    (0..<MemoryLayout<Value>.size).map { UInt8(truncatingIfNeeded: value >> Value($0 * 8)) }
  }
}
