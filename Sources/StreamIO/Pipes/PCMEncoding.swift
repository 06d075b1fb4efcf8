/// How a scalar of uncompressed sound is written down, under the name that messages use.
///
/// 24 bits are three bytes (`s24le`, ALSA's S24_3LE), or the lower three of four (`S24_LE`, as ALSA has them).
public enum PCMEncoding: String, Sendable, CaseIterable {
  case u8, s8, s16le, s16be, s24le, s24be
  case s24le4 = "S24_LE"
  case s24be4 = "S24_BE"
  case s32le, s32be, f32le, f32be, f64le, f64be, mulaw, alaw

  /// The encoding of a name: ours, ALSA's (`S16_LE`, `FLOAT_LE`, `MU_LAW`) or FFmpeg's (`pcm_s16le`), whatever
  /// its case; nil for any other.
  public init?(name: String) {
    let name = name.lowercased()
    if let four = [Self.s24le4, .s24be4].first(where: { $0.rawValue.lowercased() == name }) {
      self = four
      return
    }
    var word = name.filter { $0 != "_" && $0 != "-" }
    if word.hasPrefix("pcm") { word.removeFirst(3) }
    let other: [String: PCMEncoding] = [
      "s243le": .s24le, "s243be": .s24be, "s2432le": .s24le4, "s2432be": .s24be4,
      "floatle": .f32le, "floatbe": .f32be, "float32le": .f32le, "float32be": .f32be,
      "float64le": .f64le, "float64be": .f64be, "ulaw": .mulaw,
    ]
    guard let encoding = other[word] ?? PCMEncoding(rawValue: word) else { return nil }
    self = encoding
  }

  /// The encoding of a WAV file, or nil for one whose samples do not all take the same bytes.
  init?(_ header: WAVHeader) {
    switch (header.formatTag, (header.bitsPerValue + 7) / 8) {
    case (1, 1): self = .u8
    case (1, 2): self = .s16le
    case (1, 3): self = .s24le
    case (1, 4): self = .s32le
    case (3, 4): self = .f32le
    case (3, 8): self = .f64le
    case (6, 1): self = .alaw
    case (7, 1): self = .mulaw
    default: return nil
    }
  }

  /// Bytes of one scalar.
  var byteCount: Int {
    switch self {
    case .u8, .s8, .mulaw, .alaw: 1
    case .s16le, .s16be: 2
    case .s24le, .s24be: 3
    case .s24le4, .s24be4, .s32le, .s32be, .f32le, .f32be: 4
    case .f64le, .f64be: 8
    }
  }

  /// Whether its numbers may be of any size.
  var isFloat: Bool { [.f32le, .f32be, .f64le, .f64be].contains(self) }
}

extension PCMEncoding {
  /// Decodes `values.count` scalars: integers scaled by 1 / 2^(bits - 1), floats as they are.
  func decode(
    _ bytes: UnsafeRawBufferPointer, into values: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(bytes.count >= values.count * byteCount)
    switch self {
    case .u8: unsafe look(up: PCMEncoding.u8Levels, bytes, into: values)
    case .s8: unsafe look(up: PCMEncoding.s8Levels, bytes, into: values)
    case .mulaw: unsafe look(up: PCMEncoding.mulawLevels, bytes, into: values)
    case .alaw: unsafe look(up: PCMEncoding.alawLevels, bytes, into: values)
    case .s16le:
      unsafe load(bytes, into: values) { Float(Int16(littleEndian: $0)) * 0x1p-15 }
    case .s16be:
      unsafe load(bytes, into: values) { Float(Int16(bigEndian: $0)) * 0x1p-15 }
    case .s24le: unsafe loadThree(bytes, into: values, first: 8, last: 24)
    case .s24be: unsafe loadThree(bytes, into: values, first: 24, last: 8)
    case .s24le4:
      unsafe load(bytes, into: values) { Float(Int32(littleEndian: $0) << 8) * 0x1p-31 }
    case .s24be4:
      unsafe load(bytes, into: values) { Float(Int32(bigEndian: $0) << 8) * 0x1p-31 }
    case .s32le:
      unsafe load(bytes, into: values) { Float(Int32(littleEndian: $0)) * 0x1p-31 }
    case .s32be:
      unsafe load(bytes, into: values) { Float(Int32(bigEndian: $0)) * 0x1p-31 }
    case .f32le:
      unsafe load(bytes, into: values) { Float(bitPattern: UInt32(littleEndian: $0)) }
    case .f32be:
      unsafe load(bytes, into: values) { Float(bitPattern: UInt32(bigEndian: $0)) }
    case .f64le:
      unsafe load(bytes, into: values) { Float(Double(bitPattern: UInt64(littleEndian: $0))) }
    case .f64be:
      unsafe load(bytes, into: values) { Float(Double(bitPattern: UInt64(bigEndian: $0))) }
    }
  }

  @inline(__always)
  private func load<Word: FixedWidthInteger>(
    _ bytes: UnsafeRawBufferPointer, into values: UnsafeMutableBufferPointer<Float>,
    _ value: (Word) -> Float
  ) {
    guard let from = bytes.baseAddress, let to = values.baseAddress else { return }
    // Without a check at each value, so that the compiler makes vectors of it.
    for index in 0..<values.count {
      let offset = index &* MemoryLayout<Word>.size
      unsafe to[index] = value(from.loadUnaligned(fromByteOffset: offset, as: Word.self))
    }
  }

  /// Three bytes a scalar, the first and the last of them shifted so far.
  private func loadThree(
    _ bytes: UnsafeRawBufferPointer, into values: UnsafeMutableBufferPointer<Float>,
    first: UInt32, last: UInt32
  ) {
    for index in values.indices {
      let outer = unsafe UInt32(bytes[index * 3]) << first | UInt32(bytes[index * 3 + 2]) << last
      let value = unsafe Int32(bitPattern: outer | UInt32(bytes[index * 3 + 1]) << 16)
      unsafe values[index] = Float(value) * 0x1p-31
    }
  }

  private func look(
    up levels: [Float], _ bytes: UnsafeRawBufferPointer,
    into values: UnsafeMutableBufferPointer<Float>
  ) {
    for index in values.indices { unsafe values[index] = levels[Int(bytes[index])] }
  }

  private static let u8Levels = (0..<256).map { Float($0 - 128) * 0x1p-7 }
  private static let s8Levels = (0..<256).map { Float(Int8(truncatingIfNeeded: $0)) * 0x1p-7 }

  /// ITU-T G.711, table 2: all bits inverted; sign, three bits of segment, four of step.
  private static let mulawLevels = (0..<256).map { byte in
    let code = ~byte
    let level = ((code & 15) << 3 + 132) << (code >> 4 & 7) - 132
    return Float(code & 128 == 0 ? level : -level) * 0x1p-15
  }

  /// ITU-T G.711, table 1: every other bit inverted; the first two segments have steps of one size.
  private static let alawLevels = (0..<256).map { byte in
    let code = byte ^ 0x55
    let segment = code >> 4 & 7
    let step = (code & 15) << 4 + 8
    let level = segment == 0 ? step : (step + 256) << (segment - 1)
    return Float(code & 128 != 0 ? level : -level) * 0x1p-15
  }
}
