/// What libsndfile has to be told of a sound file: where the files begin that it is joined of, which lengths are
/// none, and whether it is whole.
struct SoundFileLayout {
  /// What it is in a sentence.
  let name: String
  /// The files that were joined, in order; one for most.
  private(set) var parts: [SoundFileBytes] = []
  /// Whether the samples of a part are as many as libsndfile says.
  private(set) var isCounted = true
  /// What is missing at the end, if anything.
  private(set) var error: SourceError?

  /// - Parameter header: for WAV, what its header says.
  init(_ input: InputDescriptor, header: WAVHeader? = nil) throws(SourceError) {
    let size = input.size ?? 0
    // Some programs put a tag of MP3's before whatever they write; libsndfile would count it in.
    let offset = MP3Parts.tagLength(try input.bytes(at: 0, count: 32)) ?? 0
    let start = try input.bytes(at: offset, count: InputContent.length)
    let content = InputContent(start)
    name = if case .sound(let name) = content { name } else { "a sound file" }
    guard size > 0 else { throw input.bad("is empty, expected \(name)") }
    if let header {
      takeWAV(input, header, size: size)
    } else if offset == 0, start.starts(with: "OggS".utf8) {
      let pages = try OGGPages(input, size: size)
      parts = pages.links.map { SoundFileBytes(input, $0.pieces) }
      if !pages.isComplete {
        error = input.bad("is truncated: its last OGG page does not end the stream")
      }
    } else if offset == 0, let walk = ChunkWalk(start),
      let data = try walk.data(of: input, size: size)
    {
      takeChunks(input, data, size: size)
    } else if name == "an MP3 file" {
      let mp3 = try MP3Parts(input, size: size)
      parts = mp3.pieces.map { SoundFileBytes(input, $0) }
      isCounted = mp3.isCounted
      if mp3.endsInFrame { error = input.bad("is truncated: it ends inside a frame") }
    }
    if parts.isEmpty { parts = [SoundFileBytes(input, [.file(min(offset, size)..<size)])] }
  }

  private mutating func takeWAV(_ input: InputDescriptor, _ header: WAVHeader, size: UInt64) {
    error = header.lengthError(fileSize: size, input)
    // libsndfile takes 0 at its word.
    guard header.dataLength == nil, header.headerLength >= 4,
      let length = UInt32(exactly: size - min(size, header.headerLength))
    else { return }
    parts = [
      SoundFileBytes(
        input, 0..<size, replacing: header.headerLength - 4,
        by: (0..<4).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) })
    ]
  }

  private mutating func takeChunks(_ input: InputDescriptor, _ data: ChunkWalk.Data, size: UInt64) {
    let present = size - min(size, data.start)
    guard let claimed = data.claimed, claimed <= present else {
      if let claimed = data.claimed, !OpenLength.isOne(claimed, headerLength: data.start) {
        error = input.bad(
          "is truncated: its header claims \(claimed) bytes of samples, \(present) are there")
      }
      parts = [
        SoundFileBytes(input, 0..<size, replacing: data.field, by: data.encode(present))
      ]
      return
    }
  }
}

extension WAVHeader {
  /// What is wrong with the length that the header states, if anything.
  fileprivate func lengthError(fileSize: UInt64, _ input: InputDescriptor) -> SourceError? {
    guard let dataLength else { return nil }
    let present = fileSize - min(fileSize, headerLength)
    if dataLength > present {
      return input.bad(
        "is truncated: its header claims \(dataLength) bytes of samples, \(present) are there")
    }
    guard isUncompressed, dataLength % UInt64(blockSize) != 0 else { return nil }
    return input.bad(
      "its header claims \(dataLength) bytes of samples, expected a multiple of the "
        + "\(blockSize) bytes of one sample")
  }
}

/// The way through the chunks of AIFF, CAF and W64, and past the header of AU, to the samples.
struct ChunkWalk {
  /// Where the samples are.
  struct Data {
    /// Their first byte.
    var start: UInt64
    /// Their bytes, as the header claims; nil where it leaves that open.
    var claimed: UInt64?
    /// Where the header claims it.
    var field: UInt64
    /// The bytes of the field for so many bytes of samples.
    var encode: (UInt64) -> [UInt8]
  }

  private let form: Form

  private enum Form {
    case au, aiff, caf, w64
  }

  /// - Parameter start: the file's first bytes; nil for a container that has no such chunks.
  init?(_ start: [UInt8]) {
    if start.starts(with: ".snd".utf8), start.count >= 24 {
      form = .au
    } else if start.starts(with: "FORM".utf8), start.count >= 12,
      start[8..<11].elementsEqual("AIF".utf8)
    {
      form = .aiff
    } else if start.starts(with: "caff".utf8) {
      form = .caf
    } else if start.starts(with: "riff".utf8), start.count >= 40 {
      form = .w64
    } else {
      return nil
    }
  }

  /// Where the samples are; nil in a file without.
  func data(of input: InputDescriptor, size: UInt64) throws(SourceError) -> Data? {
    switch form {
    case .au:
      let header = try input.bytes(at: 0, count: 12)
      let length = ChunkWalk.bigEndian(header[8..<12])
      return Data(
        start: ChunkWalk.bigEndian(header[4..<8]),
        claimed: [0, 0xFFFF_FFFF].contains(length) ? nil : length,
        field: 8, encode: { ChunkWalk.bytes($0, 4) })
    case .aiff:
      // In the chunk, 8 bytes of offset and block size come before the samples; sizes are made even.
      return try walk(input, size, from: 12, idSize: 4, sizeSize: 4, isPadded: true) { chunk in
        guard chunk.id.elementsEqual("SSND".utf8) else { return nil }
        return Data(
          start: chunk.start + 8, claimed: chunk.size <= 8 ? nil : chunk.size - 8,
          field: chunk.start - 4, encode: { ChunkWalk.bytes($0 + 8, 4) })
      }
    case .caf:
      return try walk(input, size, from: 8, idSize: 4, sizeSize: 8) { chunk in
        guard chunk.id.elementsEqual("data".utf8) else { return nil }
        return Data(
          start: chunk.start + 4,
          claimed: (4..<UInt64(1) << 62).contains(chunk.size) ? chunk.size - 4 : nil,
          field: chunk.start - 8, encode: { ChunkWalk.bytes($0 + 4, 8) })
      }
    case .w64:
      // A size is that of the chunk's head, too.
      return try walk(input, size, from: 40, idSize: 16, sizeSize: 8, isW64: true) { chunk in
        guard chunk.id.starts(with: "data".utf8) else { return nil }
        return Data(
          start: chunk.start,
          claimed: (25..<UInt64(1) << 62).contains(chunk.size) ? chunk.size - 24 : nil,
          field: chunk.start - 8, encode: { ChunkWalk.bytes($0 + 24, 8).reversed() })
      }
    }
  }

  private struct Chunk {
    var id: ArraySlice<UInt8>
    var size: UInt64
    /// The first byte of its content.
    var start: UInt64
  }

  private func walk(
    _ input: InputDescriptor, _ size: UInt64, from first: UInt64, idSize: Int, sizeSize: Int,
    isPadded: Bool = false, isW64: Bool = false, _ data: (Chunk) -> Data?
  ) throws(SourceError) -> Data? {
    var position = first
    let head = UInt64(idSize + sizeSize)
    while position + head <= size {
      let bytes = try input.bytes(at: position, count: Int(head))
      guard bytes.count == Int(head) else { return nil }
      let field = bytes[idSize...]
      let length =
        isW64 ? ChunkWalk.bigEndian(Array(field.reversed())[...]) : ChunkWalk.bigEndian(field)
      if let found = data(Chunk(id: bytes[..<idSize], size: length, start: position + head)) {
        return found
      }
      let step = isW64 ? (length &+ 7) & ~7 : head &+ length &+ (isPadded ? length & 1 : 0)
      guard step >= head, step < size else { return nil }
      position += step
    }
    return nil
  }

  private static func bigEndian(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }

  private static func bytes(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64((count - 1 - $0) * 8)) }
  }
}
