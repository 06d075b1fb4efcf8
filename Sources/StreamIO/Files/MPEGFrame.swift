/// The head of a frame of MPEG audio (ISO 11172-3, 2.4.1.3, and 13818-3): what MP3 files are made of.
struct MPEGFrame {
  /// Bytes of the whole frame.
  let length: UInt64
  /// 1, 2 or 3.
  let layer: Int
  /// Whether it is of MPEG 1, not of the lower rates of MPEG 2.
  let isFirst: Bool
  /// In bits a second.
  let bitRate: Int
  private let head: [UInt8]

  /// Bytes 0 to 3 of a frame; nil where they are none, or do not tell its length.
  init?(_ bytes: ArraySlice<UInt8>) {
    let head = Array(bytes.prefix(4))
    guard head.count == 4, head[0] == 0xFF, head[1] & 0xE0 == 0xE0 else { return nil }
    let version = Int(head[1] >> 3 & 3)
    let layer = 4 - Int(head[1] >> 1 & 3)
    let rateIndex = Int(head[2] >> 2 & 3)
    let bitRateIndex = Int(head[2] >> 4)
    guard version != 1, layer < 4, rateIndex < 3, (1...14).contains(bitRateIndex) else {
      return nil
    }
    isFirst = version == 3
    let bitRates = MPEGFrame.bitRates[isFirst ? layer - 1 : layer == 1 ? 3 : 4]
    bitRate = bitRates[bitRateIndex - 1] * 1000
    let rate = [44_100, 48_000, 32_000][rateIndex] / (isFirst ? 1 : version == 2 ? 2 : 4)
    let padding = Int(head[2] >> 1 & 1)
    length = UInt64(
      layer == 1
        ? (12 * bitRate / rate + padding) * 4
        : (layer == 3 && !isFirst ? 72 : 144) * bitRate / rate + padding)
    self.layer = layer
    self.head = head
  }

  /// In kbit/s: MPEG 1 in layers I to III, MPEG 2 in layer I, and in the others.
  private static let bitRates = [
    [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  ]

  /// Where a frame of layer III has its table of contents, if it is one: behind the side information.
  var contentsOffset: Int {
    let isMono = head[3] >> 6 == 3
    return 4 + (isFirst ? (isMono ? 17 : 32) : isMono ? 9 : 17)
  }

  /// A frame without sound before others like this one, which says how many they are. Without, a decoder
  /// takes their number from the first ones' sizes.
  func contents(frames: UInt32) -> [UInt8] {
    // Of 64 or 112 kbit/s, so that there is room, and without a check sum.
    let bytes = [0xFF, head[1] | 1, 0x80 | head[2] & 0x0C, head[3]]
    guard let frame = MPEGFrame(bytes[...]) else { return [] }
    var contents = [UInt8](repeating: 0, count: Int(frame.length))
    contents.replaceSubrange(0..<4, with: bytes)
    let count = (0..<4).map { UInt8(truncatingIfNeeded: frames >> (24 - $0 * 8)) }
    let tag = Array("Info".utf8) + [0, 0, 0, 1] + count
    contents.replaceSubrange(contentsOffset..<(contentsOffset + tag.count), with: tag)
    return contents
  }
}

/// The MP3 files that one was joined of, and what libsndfile has to be told of them.
///
/// It reads as many frames as the first table of contents says, and where there is none guesses their number.
struct MP3Parts {
  /// What libsndfile gets to read, a list a part.
  private(set) var pieces: [[SoundFileBytes.Piece]] = []
  /// Whether the last frame is cut.
  private(set) var endsInFrame = false
  /// Whether libsndfile's count of samples is no guess.
  private(set) var isCounted = true

  private struct Part {
    var start: UInt64
    var first: MPEGFrame?
    /// The first frame with sound.
    var sound: UInt64 = 0
    var frames: UInt32 = 0
    var hasContents = false
    var isVariable = false
  }

  init(_ input: InputDescriptor, size: UInt64) throws(SourceError) {
    var window = FileWindow(input, size: size)
    var part = Part(start: 0)
    var position: UInt64 = 0
    while position < size {
      let bytes = Array(try window.bytes(at: position, count: 64))
      if let tag = MP3Parts.tagLength(bytes) {
        position += tag
        continue
      }
      guard let frame = MPEGFrame(bytes[...]) else {
        guard let next = try MP3Parts.nextFrame(&window, from: position + 1) else { break }
        position = next
        continue
      }
      let (isContents, tellsCount) = MP3Parts.contents(bytes, of: frame)
      if isContents, part.first != nil {
        close(part, at: position)
        part = Part(start: position)
      }
      endsInFrame = position + frame.length > size
      position += frame.length
      if part.first == nil {
        part.first = frame
        part.sound = isContents ? position : position - frame.length
        part.hasContents = tellsCount
      }
      if !isContents, !endsInFrame {
        part.frames += 1
        if frame.bitRate != part.first?.bitRate { part.isVariable = true }
      }
    }
    close(part, at: size)
  }

  private mutating func close(_ part: Part, at end: UInt64) {
    guard let first = part.first else { return }
    if part.hasContents || first.layer != 3 || !part.isVariable {
      isCounted = isCounted && part.hasContents
      pieces.append([.file(part.start..<end)])
    } else {
      pieces.append([.own(first.contents(frames: part.frames)), .file(part.sound..<end)])
    }
  }

  /// Bytes of a tag of ID3 or APE that lies between frames; nil where none begins.
  static func tagLength(_ bytes: [UInt8]) -> UInt64? {
    if bytes.starts(with: "ID3".utf8), bytes.count >= 10 {
      return bytes[6..<10].reduce(0) { $0 << 7 | UInt64($1 & 127) } + (bytes[5] & 16 != 0 ? 20 : 10)
    }
    if bytes.starts(with: "APETAGEX".utf8), bytes.count >= 32 {
      let isHeader = bytes[23] & 32 != 0
      return isHeader ? UInt64(bytes.littleEndian(at: 12, as: UInt32.self)) + 32 : 32
    }
    return bytes.starts(with: "TAG".utf8) ? 128 : nil
  }

  /// Whether a frame is a table of contents instead of sound, and whether it tells the number of frames.
  private static func contents(_ bytes: [UInt8], of frame: MPEGFrame) -> (Bool, Bool) {
    guard frame.layer == 3 else { return (false, false) }
    let tag = bytes.dropFirst(frame.contentsOffset)
    if tag.starts(with: "Xing".utf8) || tag.starts(with: "Info".utf8) {
      let flags = tag.dropFirst(7).first ?? 0
      return (true, flags & 1 != 0)
    }
    return bytes.dropFirst(36).starts(with: "VBRI".utf8) ? (true, true) : (false, false)
  }

  /// Where frames go on after something else: two of them in a row, or one at the end.
  private static func nextFrame(
    _ window: inout FileWindow, from start: UInt64
  ) throws(SourceError) -> UInt64? {
    var position = start
    while let found = try window.firstIndex(of: [0xFF], from: position) {
      if let frame = MPEGFrame(try window.bytes(at: found, count: 4)) {
        let next = try window.bytes(at: found + frame.length, count: 4)
        if next.isEmpty || MPEGFrame(next) != nil { return found }
      }
      position = found + 1
    }
    return nil
  }
}
