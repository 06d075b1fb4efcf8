/// A series of any length in a fixed number of buckets: when it outgrows them, neighbours merge, and
/// from then on each covers twice as many indices. Extremes are never lost.
struct DecimatedSeries<Bucket: Mergeable> {
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
    buckets = Array(repeating: .empty, count: Self.capacity * channels)
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
  func channel(_ channel: Int) -> [Bucket] { (0..<count).map { self[$0, channel: channel] } }

  /// The middle of the indices that a bucket covers.
  func middle(of bucket: Int) -> Double {
    Double(bucket) * Double(width) + Double(width - 1) / 2
  }

  private mutating func halve() {
    for place in 0..<Self.capacity / 2 {
      for channel in 0..<channels {
        var merged = buckets[2 * place * channels + channel]
        merged.merge(buckets[(2 * place + 1) * channels + channel])
        buckets[place * channels + channel] = merged
      }
    }
    for place in Self.capacity / 2 * channels..<buckets.count { buckets[place] = .empty }
    count = (count + 1) / 2
    shift += 1
  }
}
