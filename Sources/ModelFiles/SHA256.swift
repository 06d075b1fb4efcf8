import CSHA256

/// The SHA-256 digest of bytes that come piece by piece (FIPS 180-4), by which files are told apart.
public struct SHA256: Sendable {
  // The first 32 bits of the fractional parts of the square roots of the first eight primes.
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
    0x5be0_cd19,
  ]
  /// What does not fill a block of 64 bytes yet.
  private var rest: [UInt8] = []
  private var byteCount: UInt64 = 0

  public init() {}

  /// Takes more bytes. Allocates little.
  public mutating func update(_ bytes: [UInt8]) {
    byteCount += UInt64(bytes.count)
    var start = 0
    if !rest.isEmpty {
      start = min(64 - rest.count, bytes.count)
      rest += bytes[..<start]
      guard rest.count == 64 else { return }
      compress(rest, 0, blocks: 1)
      rest = []
    }
    let blocks = (bytes.count - start) / 64
    compress(bytes, start, blocks: blocks)
    rest += bytes[(start + 64 * blocks)...]
  }

  /// The digest of all bytes so far: 64 lower-case hexadecimal digits.
  public var hexadecimal: String {
    var ended = self
    // A one bit, zeros, and the number of bits fill the last block or two.
    let zeros = (119 - rest.count) % 64
    let bits = byteCount &* 8
    ended.update(
      [0x80] + [UInt8](repeating: 0, count: zeros)
        + (0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * UInt64($0))) })
    return ended.state.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  private mutating func compress(_ bytes: [UInt8], _ start: Int, blocks: Int) {
    guard blocks > 0 else { return }
    unsafe bytes.withUnsafeBufferPointer { source in
      unsafe state.withUnsafeMutableBufferPointer { state in
        guard let from = source.baseAddress, let to = state.baseAddress else { return }
        unsafe sha256_blocks(to, from + start, blocks)
      }
    }
  }
}

extension SHA256 {
  /// Of a regular file, read in pieces; throws `unreadable` for anything else. Allocates a piece of 1 MiB.
  public static func ofFile(_ path: String) throws(ModelFileError) -> String {
    try RandomAccessFile(path).sha256()
  }
}
