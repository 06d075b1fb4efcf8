/// A stretch of a stream that something was done with, or that was lost: where it begins, and its
/// length in the same unit.
public protocol Stretch: Sendable, Equatable {
  /// Its first frame or sample.
  var start: UInt64 { get }
  /// How many frames or samples.
  var length: UInt64 { get }
  init(start: UInt64, length: UInt64)
}

/// Frames in a row that a lane's late policy skipped.
public struct DroppedStretch: Stretch {
  /// The first of them.
  public var frame: UInt64
  /// How many.
  public var count: Int

  public init(frame: UInt64, count: Int) {
    self.frame = frame
    self.count = count
  }

  public init(start: UInt64, length: UInt64) {
    self.init(frame: start, count: Int(length))
  }

  public var start: UInt64 { frame }
  public var length: UInt64 { UInt64(count) }
}

/// Samples that the source lost.
public struct InputGap: Stretch {
  /// The first lost sample, at the source's rate.
  public var position: UInt64
  /// How many samples.
  public var length: UInt64

  public init(position: UInt64, length: UInt64) {
    self.position = position
    self.length = length
  }

  public init(start: UInt64, length: UInt64) {
    self.init(position: start, length: length)
  }

  public var start: UInt64 { position }
}

/// Stretches in order, listed one by one up to a limit, so that memory stays flat however long a run
/// lasts. The totals are exact beyond it, too.
public struct StretchList<Element: Stretch>: Sendable, Equatable, ExpressibleByArrayLiteral {
  /// Further stretches are only counted. A run that has so many is broken in other ways.
  public static var limit: Int { 10_000 }

  /// The first stretches, as many as the limit at most.
  public private(set) var listed: [Element] = []
  /// All stretches, listed or not.
  public private(set) var count = 0
  /// The length of all stretches together.
  public private(set) var length: UInt64 = 0
  /// Where the newest stretch ends.
  private var end: UInt64 = 0

  /// An empty list; `capacity` stretches fit before it allocates again.
  public init(capacity: Int = 0) { listed.reserveCapacity(capacity) }

  public init(arrayLiteral elements: Element...) { self.init(elements) }

  /// A list of stretches that are in order.
  public init(_ elements: [Element]) {
    for element in elements { append(element) }
  }

  /// Stretches that are not listed, and their length together.
  public var notListed: (count: Int, length: UInt64) {
    (count - listed.count, length - listed.reduce(0) { $0 + $1.length })
  }

  /// Adds a stretch after the newest one.
  public mutating func append(_ element: Element) {
    count += 1
    length += element.length
    end = element.start + element.length
    if listed.count < Self.limit { listed.append(element) }
  }

  /// Adds one frame or sample: to the newest stretch where it follows that, else as a new stretch.
  public mutating func append(at position: UInt64) {
    guard count > 0, position == end else {
      return append(Element(start: position, length: 1))
    }
    length += 1
    end += 1
    guard count == listed.count, let last = listed.last else { return }
    listed[listed.count - 1] = Element(start: last.start, length: last.length + 1)
  }
}
