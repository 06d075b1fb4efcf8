import StreamCore

/// Frames in a row that a lane's late policy skipped, or samples in a row that the source lost.
public struct Stretch: Sendable, Equatable {
  /// The index of the first of them: of a frame, or of a sample at the source's rate.
  public var start: UInt64
  /// How many frames or samples.
  public var length: UInt64

  public init(start: UInt64, length: UInt64) {
    self.start = start
    self.length = length
  }
}

/// Stretches in order, listed one by one up to a limit, so that memory stays flat however long a run
/// lasts. The totals are exact beyond it, too.
public struct StretchList: Sendable, Equatable, ExpressibleByArrayLiteral {
  /// Further stretches are only counted. A run that has so many is broken in other ways.
  public static let limit = 10_000

  /// The first stretches, as many as the limit at most.
  public private(set) var listed: [Stretch] = []
  /// All stretches, listed or not.
  public private(set) var count = 0
  /// The length of all stretches together.
  public private(set) var length: UInt64 = 0
  /// Where the newest stretch ends.
  private var end: UInt64 = 0

  public init() {}

  public init(arrayLiteral elements: Stretch...) { self.init(elements) }

  /// A list of stretches that are in order.
  public init(_ stretches: [Stretch]) {
    for stretch in stretches { append(stretch) }
  }

  /// Stretches that are not listed, and their length together.
  public var notListed: (count: Int, length: UInt64) {
    (count - listed.count, length - listed.reduce(0) { $0 + $1.length })
  }

  /// Adds a stretch after the newest one.
  public mutating func append(_ stretch: Stretch) {
    count += 1
    length += stretch.length
    end = stretch.start + stretch.length
    if listed.count < Self.limit { listed.append(stretch) }
  }

  /// Adds one frame or sample: to the newest stretch where it follows that, else as a new stretch.
  public mutating func append(at position: UInt64) {
    guard count > 0, position == end else {
      return append(Stretch(start: position, length: 1))
    }
    length += 1
    end += 1
    if count == listed.count { listed[count - 1].length += 1 }
  }
}

extension StretchList: Restorable {
  public mutating func exchange(with archive: inout StateArchive) {
    archive.list(&listed, limit: Self.limit, blank: Stretch(start: 0, length: 0)) {
      stretch, archive in
      archive.value(&stretch.start)
      archive.value(&stretch.length)
    }
    archive.value(&count)
    archive.value(&length)
    archive.value(&end)
  }
}
