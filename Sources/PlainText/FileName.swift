/// File names are bytes; text carries them through options, messages and comparisons.
///
/// A byte that belongs to no UTF-8 becomes a code point of its own, U+10FE80 to U+10FEFF, which no
/// other name yields: the way back is exact. Whoever calls the system takes the name by `withFileName`.
extension String {
  /// A name as the system gives it, without the zero at its end. Allocates.
  public init(fileName bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes)
    var text = ""
    var index = 0
    while index < bytes.count {
      let end = index + Self.scalarLength(bytes[index])
      if end <= bytes.count, let scalar = String(validating: bytes[index..<end], as: UTF8.self),
        !scalar.unicodeScalars.contains(where: \.standsForByte)
      {
        text.unicodeScalars.append(contentsOf: scalar.unicodeScalars)
        index = end
      } else {
        if let scalar = Unicode.Scalar(Unicode.Scalar.byteBase + UInt32(bytes[index])) {
          text.unicodeScalars.append(scalar)
        }
        index += 1
      }
    }
    self = text
  }

  /// The name's bytes, as the system takes them. Allocates.
  public var fileNameBytes: [UInt8] {
    unicodeScalars.flatMap { scalar in
      scalar.standsForByte
        ? [UInt8(truncatingIfNeeded: scalar.value - Unicode.Scalar.byteBase)] : Array(scalar.utf8)
    }
  }

  /// The name for people and for programs that read UTF-8: each byte that is none is U+FFFD. Allocates.
  public var shownFileName: String { String(decoding: fileNameBytes, as: UTF8.self) }

  /// Whether a byte of it is no UTF-8. Does not allocate.
  var holdsFileNameBytes: Bool {
    // All that stand for one begin with the same byte, which is rare.
    utf8.contains(0xF4) && unicodeScalars.contains(where: \.standsForByte)
  }

  /// Calls the body with the name as a C string. A name that holds a zero byte ends there.
  public func withFileName<Result>(
    _ body: (UnsafePointer<CChar>) throws -> Result
  ) rethrows -> Result {
    let bytes = (fileNameBytes + [0]).map { CChar(bitPattern: $0) }
    return try unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let name = buffer.baseAddress else { preconditionFailure("a C string ends in zero") }
      return try unsafe body(name)
    }
  }

  /// Bytes of the scalar that a byte begins, if it begins one.
  private static func scalarLength(_ first: UInt8) -> Int {
    switch first {
    case 0xF0...: 4
    case 0xE0...: 3
    case 0xC0...: 2
    default: 1
    }
  }
}

extension Unicode.Scalar {
  /// The code point of byte 0, were it to need one.
  fileprivate static let byteBase: UInt32 = 0x10_FE00

  /// Whether it stands for a byte of a file name that is not UTF-8.
  fileprivate var standsForByte: Bool { (0x10_FE80...0x10_FEFF).contains(value) }

  /// As `printable` writes it; nil for a code point that stands for itself.
  var fileNameByteText: String? {
    standsForByte ? "\\x" + String(value - Self.byteBase, radix: 16) : nil
  }
}
