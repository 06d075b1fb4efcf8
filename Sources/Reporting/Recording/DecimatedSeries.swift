import LatencyLog
import StreamCore

/// A series of any length in a fixed number of buckets: when it outgrows them, neighbours merge, and
/// from then on each covers twice as many indices. Extremes are never lost.
struct DecimatedSeries<Bucket: Mergeable>: Restorable {
  /// What a screen can show; between half of it and all of it is in use for a long series.
  static var capacity: Int { 1_600 }

  /// Values at an index, each with buckets of its own.
  let channels: Int
  /// Buckets up to the last one in use, holes included.
  private(set) var count = 0
  private var shift: UInt64 = 0
  /// `[capacity, channels]`
  private var buckets: [Bucket]

  init(channels: Int = 1) {
    self.channels = channels
    buckets = Array(repeating: Bucket(), count: Self.capacity * channels)
  }

  /// Indices that a bucket covers.
  var width: UInt64 { 1 << shift }

  /// Allocates nothing.
  mutating func add(_ value: Bucket, channel: Int = 0, at index: UInt64) {
    while index >> shift >= UInt64(Self.capacity) { halve() }
    let place = Int(index >> shift)
    buckets[place * channels + channel].merge(value)
    count = max(count, place + 1)
  }

  subscript(bucket: Int, channel channel: Int = 0) -> Bucket {
    buckets[bucket * channels + channel]
  }

  /// A channel's buckets up to the last one in use.
  func channel(_ channel: Int = 0) -> [Bucket] { (0..<count).map { self[$0, channel: channel] } }

  /// What all buckets of a channel hold.
  func whole(_ channel: Int = 0) -> Bucket {
    self.channel(channel).reduce(into: Bucket()) { $0.merge($1) }
  }

  /// The middle of the indices that a bucket covers.
  func middle(of bucket: Int) -> Double {
    Double(bucket) * Double(width) + Double(width - 1) / 2
  }

  mutating func exchange(with archive: inout StateArchive) {
    archive.value(&count)
    archive.value(&shift)
    archive.check((0...Self.capacity).contains(count) && shift < 64)
    archive.each(&buckets)
  }

  private mutating func halve() {
    for place in 0..<Self.capacity / 2 {
      for channel in 0..<channels {
        var merged = buckets[2 * place * channels + channel]
        merged.merge(buckets[(2 * place + 1) * channels + channel])
        buckets[place * channels + channel] = merged
      }
    }
    for place in Self.capacity / 2 * channels..<buckets.count { buckets[place] = Bucket() }
    count = (count + 1) / 2
    shift += 1
  }
}

/// What a bucket of a series holds: it takes in its neighbour's contents and keeps the extremes.
protocol Mergeable: Restorable {
  /// With nothing in it.
  init()
  /// From the lowest value to the highest; nil where there is none.
  var range: ClosedRange<Double>? { get }
  mutating func merge(_ other: Self)
}

/// The lowest and the highest of some values; what is not a number is left out.
struct ValueRange: Mergeable, Equatable {
  private(set) var low = Float.infinity
  private(set) var high = -Float.infinity

  init() {}

  init(_ value: Float) {
    guard value.isFinite else { return }
    low = value
    high = value
  }

  var range: ClosedRange<Double>? { low > high ? nil : Double(low)...Double(high) }

  mutating func exchange(with archive: inout StateArchive) {
    archive.value(&low)
    archive.value(&high)
  }

  mutating func merge(_ other: ValueRange) {
    if other.low < low { low = other.low }
    if other.high > high { high = other.high }
  }
}

/// Frames in a row: the shortest and the longest of their response times, and what went wrong.
struct ResponseSpan: Mergeable, Equatable {
  /// Beyond every response time, and what a snapshot can say.
  private static let never: Int64 = 1 << 61
  /// Nanoseconds; of frames that were answered.
  private(set) var shortest = never
  private(set) var longest = -never
  private(set) var frames = 0
  private(set) var misses = 0
  private(set) var drops = 0

  init() {}

  init(_ record: FrameRecord, deadline: Int64) {
    frames = 1
    misses = record.misses(deadline: deadline) ? 1 : 0
    drops = record.dropped ? 1 : 0
    guard !record.dropped else { return }
    shortest = record.response
    longest = record.response
  }

  mutating func exchange(with archive: inout StateArchive) {
    archive.value(&shortest)
    archive.value(&longest)
    archive.value(&frames)
    archive.value(&misses)
    archive.value(&drops)
  }

  var range: ClosedRange<Double>? {
    shortest > longest ? nil : Double(shortest)...Double(longest)
  }

  mutating func merge(_ other: ResponseSpan) {
    shortest = min(shortest, other.shortest)
    longest = max(longest, other.longest)
    frames += other.frames
    misses += other.misses
    drops += other.drops
  }
}
