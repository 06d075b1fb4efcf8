/// How a scalar of uncompressed sound is written down.
enum PCMEncoding: Equatable {
  case s16le, s24le, s32le, f32le

  /// The encoding of a WAV file, or nil for one that is not read here.
  init?(_ header: WAVHeader) {
    switch (header.formatTag, header.bitsPerValue) {
    case (1, 16): self = .s16le
    case (1, 24): self = .s24le
    case (1, 32): self = .s32le
    case (3, 32): self = .f32le
    default: return nil
    }
  }

  var byteCount: Int {
    switch self {
    case .s16le: 2
    case .s24le: 3
    case .s32le, .f32le: 4
    }
  }

  /// Decodes `values.count` scalars: integers scaled by 1 / 2^(bits - 1), floats as they are.
  func decode(
    _ bytes: UnsafeRawBufferPointer, into values: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(bytes.count >= values.count * byteCount)
    switch self {
    case .s16le:
      for index in values.indices {
        let value = unsafe bytes.loadUnaligned(fromByteOffset: index * 2, as: Int16.self)
        unsafe values[index] = Float(Int16(littleEndian: value)) * 0x1p-15
      }
    case .s24le:
      for index in values.indices {
        let low = unsafe UInt32(bytes[index * 3]) << 8 | UInt32(bytes[index * 3 + 1]) << 16
        let value = unsafe Int32(bitPattern: low | UInt32(bytes[index * 3 + 2]) << 24)
        unsafe values[index] = Float(value) * 0x1p-31
      }
    case .s32le:
      for index in values.indices {
        let value = unsafe bytes.loadUnaligned(fromByteOffset: index * 4, as: Int32.self)
        unsafe values[index] = Float(Int32(littleEndian: value)) * 0x1p-31
      }
    case .f32le:
      for index in values.indices {
        let value = unsafe bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
        unsafe values[index] = Float(bitPattern: UInt32(littleEndian: value))
      }
    }
  }
}
