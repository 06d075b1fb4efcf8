/// The pages of an OGG file (RFC 3533, 6): the streams that were joined, and whether the last one is whole.
///
/// libsndfile reads the first of several streams, takes a truncated one for a shorter one, and cannot read
/// FLAC in pages.
struct OGGPages {
  /// One stream, or several that begin together.
  struct Link {
    /// What libsndfile gets to read: the pages, or of FLAC what is in them, which is a FLAC file.
    var pieces: [SoundFileBytes.Piece]
    /// The stream whose pages hold FLAC.
    fileprivate var flac: UInt32?
  }

  private(set) var links: [Link] = []
  /// Whether the last page is whole and ends its stream.
  private(set) var isComplete = false

  private struct Page {
    var start: UInt64
    var body: UInt64
    var end: UInt64
    var stream: UInt32
    var beginsStream: Bool
    var endsStream: Bool
  }

  init(_ input: InputDescriptor, size: UInt64) throws(SourceError) {
    var window = FileWindow(input, size: size)
    var position: UInt64 = 0
    var isAmongFirst = false
    while let start = try window.firstIndex(of: Array("OggS".utf8), from: position) {
      guard let page = try OGGPages.page(&window, at: start) else {
        isComplete = false
        break
      }
      if page.beginsStream && !isAmongFirst || links.isEmpty {
        let from = links.isEmpty ? 0 : page.start
        end(at: page.start)
        links.append(Link(pieces: [.file(from..<size)]))
      }
      isAmongFirst = page.beginsStream
      try take(page, &window)
      isComplete = page.endsStream && page.end <= size
      position = page.end
    }
  }

  /// Ends the link before a new one.
  private mutating func end(at offset: UInt64) {
    guard let last = links.indices.last, links[last].flac == nil,
      case .file(let range)? = links[last].pieces.first
    else { return }
    links[last].pieces = [.file(range.lowerBound..<offset)]
  }

  /// Takes FLAC out of a page: the first packet of a stream has 9 bytes of its own before it (Ogg FLAC mapping).
  private mutating func take(_ page: Page, _ window: inout FileWindow) throws(SourceError) {
    let last = links.count - 1
    let body = page.body..<min(page.end, window.size)
    if page.beginsStream, links[last].flac == nil,
      try window.bytes(at: page.body, count: 5).elementsEqual([0x7F] + Array("FLAC".utf8)),
      body.count > 9
    {
      links[last].flac = page.stream
      links[last].pieces = [.file(body.lowerBound + 9..<body.upperBound)]
    } else if links[last].flac == page.stream, !body.isEmpty {
      links[last].pieces.append(.file(body))
    }
  }

  /// The page at an offset; nil where the file ends inside its head.
  private static func page(
    _ window: inout FileWindow, at start: UInt64
  ) throws(SourceError) -> Page? {
    let head = Array(try window.bytes(at: start, count: 27 + 255))
    guard head.count >= 27, head.count >= 27 + Int(head[26]) else { return nil }
    let body = start + 27 + UInt64(head[26])
    let length = head[27..<(27 + Int(head[26]))].reduce(0) { $0 + UInt64($1) }
    return Page(
      start: start, body: body, end: body + length,
      stream: head.littleEndian(at: 14, as: UInt32.self), beginsStream: head[5] & 2 != 0,
      endsStream: head[5] & 4 != 0)
  }
}

/// A file that is walked through, read in large pieces.
struct FileWindow {
  let size: UInt64
  private let input: InputDescriptor
  private var start: UInt64 = 0
  private var bytes: [UInt8] = []

  init(_ input: InputDescriptor, size: UInt64) {
    self.input = input
    self.size = size
  }

  /// The bytes from an offset on, fewer at the file's end.
  mutating func bytes(at offset: UInt64, count: Int) throws(SourceError) -> ArraySlice<UInt8> {
    guard offset < size else { return [] }
    let wanted = offset..<min(size, offset + UInt64(count))
    if wanted.lowerBound < start || wanted.upperBound > start + UInt64(bytes.count) {
      bytes = try input.bytes(at: offset, count: max(count, 1 << 16))
      start = offset
    }
    let first = Int(wanted.lowerBound - start)
    return bytes[first..<max(first, min(bytes.count, first + wanted.count))]
  }

  /// Where a mark comes next; nil if it does not.
  mutating func firstIndex(of mark: [UInt8], from offset: UInt64) throws(SourceError) -> UInt64? {
    var offset = offset
    while true {
      let part = try bytes(at: offset, count: 1 << 12)
      guard part.count >= mark.count else { return nil }
      for index in part.startIndex...(part.endIndex - mark.count)
      where part[index] == mark[0] && part[index...].starts(with: mark) {
        return offset + UInt64(index - part.startIndex)
      }
      offset += UInt64(part.count - mark.count + 1)
    }
  }
}
