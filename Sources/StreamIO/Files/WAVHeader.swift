import PlainText

/// What a RIFF/WAVE header says, read up to the first byte of samples.
struct WAVHeader: Equatable {
  /// WAVE format tag, taken from the sub-format where the header is WAVE_FORMAT_EXTENSIBLE.
  var formatTag: UInt16 = 0
  var channelCount = 0
  var sampleRate = 0
  /// Bytes of one sample, all channels together.
  var blockSize = 0
  var bitsPerValue = 0
  /// Bytes of samples that the header claims, or nil where it leaves that open (0 or 2^32-1).
  var dataLength: UInt64?

  /// Bytes before the first sample.
  var headerLength: UInt64 = 0

  /// PCM, IEEE float or G.711: every sample takes `blockSize` bytes.
  var isUncompressed: Bool { WAVHeader.isUncompressed(formatTag) }

  private static func isUncompressed(_ tag: UInt16) -> Bool { [1, 3, 6, 7].contains(tag) }

  /// Whether an input that begins so is WAV.
  static func begins(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: "RIFF".utf8) || bytes.starts(with: "RF64".utf8)
  }

  /// Whether WAV that begins so can be read as it comes; a header whose first chunk is not its format is
  /// taken to be of that kind.
  static func streams(_ bytes: [UInt8]) -> Bool {
    formatTag(bytes).map { isUncompressed($0) } ?? true
  }

  /// The format tag of an input that begins so, PCM's where another chunk comes first; nil if too few bytes
  /// are there.
  static func formatTag(_ bytes: [UInt8]) -> UInt16? {
    guard bytes.count >= 22 else { return nil }
    guard bytes[12..<16].elementsEqual("fmt ".utf8) else { return 1 }
    let tag = bytes.littleEndian(at: 20, as: UInt16.self)
    guard tag == 0xFFFE else { return tag }
    return bytes.count >= 46 ? bytes.littleEndian(at: 44, as: UInt16.self) : nil
  }

  /// Whether the length of the data that the header claims is none, in a file of so many bytes: one that
  /// programs write that cannot go back to their header, and that does not fit.
  func claimsNothing(of fileSize: UInt64) -> Bool {
    guard let dataLength else { return true }
    return headerLength + dataLength > fileSize
      && OpenLength.isOne(dataLength, headerLength: headerLength)
  }

  /// Reads the header; the input's next byte is then the first of the samples.
  ///
  /// Chunks other than `fmt ` and `data` are passed over in pieces, whatever size they claim. RF64,
  /// the form for files beyond 4 GB, is understood too.
  static func read(
    from input: InputDescriptor, isStopped: () -> Bool
  ) throws(SourceError) -> WAVHeader {
    var reader = WAVHeaderReader(input: input, header: WAVHeader())
    try reader.run(isStopped: isStopped)
    return reader.header
  }
}

/// The walk over the chunks.
private struct WAVHeaderReader {
  let input: InputDescriptor
  var header: WAVHeader
  var position: UInt64 = 0
  var hasFormat = false
  /// The data length of an RF64 file's ds64 chunk.
  var longLength: UInt64?

  mutating func run(isStopped: () -> Bool) throws(SourceError) {
    let riff = try take(12, orLess: true, isStopped)
    guard !riff.isEmpty else { throw bad("is empty, expected a WAV file") }
    let form = riff.prefix(4)
    guard form.elementsEqual("RIFF".utf8) || form.elementsEqual("RF64".utf8) else {
      throw bad("is not a WAV file: it begins with \(quoted(form)), expected \"RIFF\"")
    }
    guard riff.count == 12 else { throw endsEarly() }
    guard riff[8...].elementsEqual("WAVE".utf8) else {
      throw bad("is not a WAV file: its RIFF form is \(quoted(riff[8...])), expected \"WAVE\"")
    }
    while true {
      let chunk = try take(8, isStopped)
      let size = UInt64(chunk.littleEndian(at: 4, as: UInt32.self))
      if chunk[..<4].elementsEqual("data".utf8) {
        guard hasFormat else { throw bad("has a WAV header without a format before its samples") }
        let length = size == 0xFFFF_FFFF ? longLength : size
        header.dataLength = length == 0 ? nil : length
        header.headerLength = position
        return
      } else if chunk[..<4].elementsEqual("fmt ".utf8) {
        try takeFormat(size: size, isStopped)
      } else if chunk[..<4].elementsEqual("ds64".utf8), size >= 16 {
        let sizes = try take(16, isStopped)
        longLength = sizes.littleEndian(at: 8, as: UInt64.self)
        try skip(size - 16 + size & 1, isStopped)
      } else {
        try skip(size + size & 1, isStopped)
      }
    }
  }

  private mutating func takeFormat(size: UInt64, _ isStopped: () -> Bool) throws(SourceError) {
    guard (16...4096).contains(size) else {
      throw bad("has a WAV format chunk of \(size) bytes, expected 16 to 4096")
    }
    let format = try take(Int(size + size & 1), isStopped)
    header.formatTag = format.littleEndian(at: 0, as: UInt16.self)
    header.channelCount = Int(format.littleEndian(at: 2, as: UInt16.self))
    header.sampleRate = Int(format.littleEndian(at: 4, as: UInt32.self))
    header.blockSize = Int(format.littleEndian(at: 12, as: UInt16.self))
    header.bitsPerValue = Int(format.littleEndian(at: 14, as: UInt16.self))
    if header.formatTag == 0xFFFE, size >= 26 {
      header.formatTag = format.littleEndian(at: 24, as: UInt16.self)
    }
    guard SourceLimit.rate.contains(header.sampleRate) else {
      throw bad("has a sample rate of \(header.sampleRate) Hz, expected \(SourceLimit.rateText)")
    }
    guard SourceLimit.channels.contains(header.channelCount) else {
      throw bad("has \(header.channelCount) channels, expected \(SourceLimit.channelText)")
    }
    if header.isUncompressed {
      let expected = (header.bitsPerValue + 7) / 8 * header.channelCount
      guard expected > 0, header.blockSize == expected else {
        throw bad(
          "has a WAV header that does not add up: \(header.channelCount) channels of "
            + "\(header.bitsPerValue) bits in \(header.blockSize) bytes a sample")
      }
    }
    hasFormat = true
  }

  private mutating func take(
    _ count: Int, orLess: Bool = false, _ isStopped: () -> Bool
  ) throws(SourceError) -> [UInt8] {
    let bytes = try input.readFully(count, isStopped: isStopped)
    position += UInt64(bytes.count)
    guard orLess || bytes.count == count else { throw endsEarly() }
    return bytes
  }

  private mutating func skip(_ count: UInt64, _ isStopped: () -> Bool) throws(SourceError) {
    var left = count
    while left > 0 {
      left -= UInt64(try take(Int(min(left, 64 << 10)), isStopped).count)
    }
  }

  private func bad(_ what: String) -> SourceError { input.bad(what) }

  private func endsEarly() -> SourceError {
    bad("ends at byte \(position), inside its WAV header, before any samples")
  }

  private func quoted(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self).quotedExcerpt
  }
}

/// Lengths that say no more than that the writer did not know.
enum OpenLength {
  /// sox's (AIFF, WAV), arecord's, and the largest of 31 and 32 bits: for the data, or for the whole file.
  private static let all: [UInt64] = [
    0x7F00_0000, 0x7FFF_F000, 0x7FFF_FF00, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
  ]

  /// - Parameter headerLength: bytes before the data; a program may take off those that it counts.
  static func isOne(_ length: UInt64, headerLength: UInt64) -> Bool {
    let headers = [0, 8, 36, 44, headerLength, headerLength - min(8, headerLength)]
    return length == 0 || headers.contains { all.contains(length + $0) }
  }
}

extension [UInt8] {
  /// The integer that starts at `offset`; the caller has checked that it is inside.
  func littleEndian<Value: FixedWidthInteger>(
    at offset: Int, as type: Value.Type
  ) -> Value {
    self[offset..<offset + MemoryLayout<Value>.size].reversed().reduce(0) { $0 << 8 | Value($1) }
  }
}
