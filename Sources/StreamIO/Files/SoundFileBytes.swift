import CSndFile

/// The bytes of a file as libsndfile gets to see them: parts of it, in order, and bytes that we know better.
@safe final class SoundFileBytes {
  enum Piece: Equatable {
    case file(Range<UInt64>)
    case own([UInt8])

    var count: UInt64 {
      switch self {
      case .file(let range): UInt64(range.count)
      case .own(let bytes): UInt64(bytes.count)
      }
    }
  }

  private let input: InputDescriptor
  private let pieces: [Piece]
  /// Where each piece begins.
  private let starts: [UInt64]
  private let count: UInt64
  private var position: UInt64 = 0
  /// Why the file could not be read, once that happened.
  private(set) var failure: SystemError?

  init(_ input: InputDescriptor, _ pieces: [Piece]) {
    self.input = input
    self.pieces = pieces.filter { $0.count > 0 }
    var starts: [UInt64] = []
    var count: UInt64 = 0
    for piece in self.pieces {
      starts.append(count)
      count += piece.count
    }
    self.starts = starts
    self.count = count
  }

  /// A part of a file with other bytes in one place.
  convenience init(
    _ input: InputDescriptor, _ range: Range<UInt64>, replacing offset: UInt64, by bytes: [UInt8]
  ) {
    let end = offset + UInt64(bytes.count)
    self.init(
      input, [.file(range.lowerBound..<offset), .own(bytes), .file(end..<range.upperBound)])
  }

  /// Reads on from the position; less than there is room for at the end only.
  private func read(into room: UnsafeMutableRawBufferPointer) -> Int {
    var filled = 0
    while filled < room.count, position < count {
      let index = pieceAtPosition()
      let offset = position - starts[index]
      let length = Int(min(pieces[index].count - offset, UInt64(room.count - filled)))
      let part = unsafe UnsafeMutableRawBufferPointer(
        rebasing: room[filled..<(filled + length)])
      let got: Int
      switch pieces[index] {
      case .own(let bytes):
        unsafe part.copyBytes(from: bytes[Int(offset)..<(Int(offset) + length)])
        got = length
      case .file(let range):
        got = unsafe input.readBytes(at: range.lowerBound + offset, into: part)
        if got < 0 { failure = .latest }
      }
      guard got > 0 else { break }
      filled += got
      position += UInt64(got)
    }
    return filled
  }

  /// The last piece that begins at the position or before.
  private func pieceAtPosition() -> Int {
    var (low, high) = (0, starts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= position { low = middle } else { high = middle }
    }
    return low
  }

  private func seek(_ offset: Int64, from whence: Int32) -> Int64 {
    let base =
      switch whence {
      case SEEK_SET: Int64(0)
      case SEEK_CUR: Int64(position)
      default: Int64(count)
      }
    let (target, overflow) = base.addingReportingOverflow(offset)
    guard !overflow, target >= 0 else { return -1 }
    position = UInt64(target)
    return target
  }

  /// Opens them as a sound file; nil where libsndfile cannot. They must outlive it.
  func open(_ info: inout SF_INFO) -> OpaquePointer? {
    var calls = unsafe SF_VIRTUAL_IO(
      get_filelen: { unsafe Int64(SoundFileBytes.of($0).count) },
      seek: { unsafe SoundFileBytes.of($2).seek($0, from: $1) },
      read: { unsafe Int64(SoundFileBytes.of($2).read(into: .init(start: $0, count: Int($1)))) },
      write: { _, _, _ in 0 },
      tell: { unsafe Int64(SoundFileBytes.of($0).position) })
    return unsafe sf_open_virtual(
      &calls, Int32(SFM_READ), &info, Unmanaged.passUnretained(self).toOpaque())
  }

  private static func of(_ pointer: UnsafeMutableRawPointer?) -> SoundFileBytes {
    guard let pointer = unsafe pointer else { preconditionFailure("libsndfile lost its file") }
    return unsafe Unmanaged<SoundFileBytes>.fromOpaque(pointer).takeUnretainedValue()
  }
}
