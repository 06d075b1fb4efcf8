import StreamCore

/// How often each duration occurred: whole numbers in ascending order, each kept as its distance from the
/// one before it and a count. A value that occurs again takes nothing; 100,000 different ones take one to
/// three bytes each.
///
/// Values wait in `pending` until it pays to sort them in. One owner.
struct DurationTally: Sendable, Restorable {
  /// Values further away than this, about 73 years in nanoseconds, are kept as if they lay there.
  private static let furthest: Int64 = 1 << 61

  /// Each is `gap << 1`, or `gap << 1 | 1` and the count less 2; both in bytes of 7 bits, the lowest
  /// first, the eighth bit telling that another follows.
  private var encoded: [UInt8] = []
  private var entryCount = 0
  private var pending: [Int64] = []
  /// Zeros are kept apart: where nothing can wait, every time of waiting is one.
  private var zeros = 0

  /// A value and how often it occurred.
  private struct Entry {
    var value: Int64
    var count: Int
  }

  /// Adds a value. Allocates now and then, in all not more than what the values take.
  mutating func add(_ value: Int64) {
    if value == 0 {
      zeros += 1
      return
    }
    pending.append(Swift.min(Swift.max(value, -Self.furthest), Self.furthest))
    // So that sorting in costs each value a few dozen steps, and waiting few bytes.
    if pending.count >= Swift.min(Swift.max(128, entryCount / 16), 2_048) { settle() }
  }

  /// Adds all values of another one. Allocates.
  mutating func add(_ other: DurationTally) {
    settle()
    rebuild(merging: other.entries())
  }

  /// Replaces every value by what `body` makes of it, which may not change their order. Allocates.
  mutating func map(_ body: (Int64) -> Int64) {
    let entries = entries()
    encoded = []
    entryCount = 0
    (zeros, pending) = (0, [])
    rebuild(merging: entries.map { Entry(value: body($0.value), count: $0.count) })
  }

  /// The value at a rank, counted from 1 in ascending order; there must be one. Allocates a little.
  func value(atRank rank: Int) -> Int64 {
    var left = rank
    var found: Int64 = 0
    var walk = Walk(encoded, merging: waiting())
    while left > 0, let entry = walk.next() {
      found = entry.value
      left -= entry.count
    }
    return found
  }

  mutating func exchange(with archive: inout StateArchive) {
    archive.array(&encoded)
    archive.value(&entryCount)
    archive.array(&pending)
    archive.value(&zeros)
  }

  /// How many values there are; nil where what was restored is no tally.
  func checkedCount() -> Int? {
    guard zeros >= 0, pending.allSatisfy({ $0.magnitude <= UInt64(Self.furthest) }) else {
      return nil
    }
    var (place, entries, total, value) = (0, 0, zeros + pending.count, -Self.furthest)
    func word() -> Int64? {
      var word: Int64 = 0
      for shift in stride(from: 0, to: 63, by: 7) where place < encoded.count {
        let byte = encoded[place]
        place += 1
        word |= Int64(byte & 0x7f) << Int64(shift)
        if byte < 0x80 { return word }
      }
      return nil
    }
    while place < encoded.count {
      guard let head = word(), head >> 1 <= Self.furthest - value else { return nil }
      value += head >> 1
      var times = 1
      if head & 1 == 1 {
        guard let more = word(), more < Self.furthest else { return nil }
        times = Int(more) + 2
      }
      guard total < Self.furthest else { return nil }
      total += times
      entries += 1
    }
    return entries == entryCount ? total : nil
  }

  private func entries() -> [Entry] {
    var entries: [Entry] = []
    entries.reserveCapacity(entryCount)
    var walk = Walk(encoded, merging: waiting())
    while let entry = walk.next() { entries.append(entry) }
    return entries
  }

  private mutating func settle() {
    let entries = waiting()
    zeros = 0
    pending.removeAll(keepingCapacity: true)
    rebuild(merging: entries)
  }

  /// What is not in `encoded`, in ascending order.
  private func waiting() -> [Entry] {
    var entries: [Entry] = []
    entries.reserveCapacity(pending.count + 1)
    var zeros = zeros
    for value in pending.sorted() {
      if zeros > 0, value > 0 {
        entries.append(Entry(value: 0, count: zeros))
        zeros = 0
      }
      if let last = entries.indices.last, entries[last].value == value {
        entries[last].count += 1
      } else {
        entries.append(Entry(value: value, count: 1))
      }
    }
    if zeros > 0 { entries.append(Entry(value: 0, count: zeros)) }
    return entries
  }

  /// Writes `encoded` anew with more entries, in ascending order, among those that it has.
  private mutating func rebuild(merging added: [Entry]) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(encoded.count + 2 * added.count + 16)
    var count = 0
    var previous = -Self.furthest
    var walk = Walk(encoded, merging: added)
    var following = walk.next()
    while var entry = following {
      following = walk.next()
      while let same = following, same.value == entry.value {
        entry.count += same.count
        following = walk.next()
      }
      let gap = UInt64(entry.value - previous)
      Self.append(gap << 1 | (entry.count > 1 ? 1 : 0), to: &bytes)
      if entry.count > 1 { Self.append(UInt64(entry.count - 2), to: &bytes) }
      previous = entry.value
      count += 1
    }
    encoded = bytes
    entryCount = count
  }

  /// The entries of what is encoded and of others, both in ascending order; a value of both comes twice.
  private struct Walk {
    private let encoded: [UInt8]
    private let added: [Entry]
    private var place = 0
    private var nextAdded = 0
    private var value = -furthest
    /// The next one of what is encoded.
    private var held: Entry?

    init(_ encoded: [UInt8], merging added: [Entry]) {
      (self.encoded, self.added) = (encoded, added)
      held = decode()
    }

    mutating func next() -> Entry? {
      if nextAdded < added.count, held.map({ added[nextAdded].value < $0.value }) ?? true {
        nextAdded += 1
        return added[nextAdded - 1]
      }
      defer { held = decode() }
      return held
    }

    private mutating func decode() -> Entry? {
      guard place < encoded.count else { return nil }
      let word = word()
      value += Int64(word >> 1)
      return Entry(value: value, count: word & 1 == 0 ? 1 : Int(self.word()) + 2)
    }

    private mutating func word() -> UInt64 {
      var word: UInt64 = 0
      var shift: UInt64 = 0
      while true {
        let byte = encoded[place]
        place += 1
        word |= UInt64(byte & 0x7f) << shift
        if byte < 0x80 { return word }
        shift += 7
      }
    }
  }

  private static func append(_ word: UInt64, to bytes: inout [UInt8]) {
    var rest = word
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
