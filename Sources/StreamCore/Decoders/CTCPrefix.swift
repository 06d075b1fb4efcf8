/// What an alignment of a prefix to the frames ends with.
enum PrefixEnding: Int, Sendable {
  /// How many there are.
  static let count = 2

  case blank
  /// The prefix's last token, which may go on.
  case token
}

/// A prefix of a search: shares of its alignments, relative to those of the others.
struct CTCPrefix: Sendable, Equatable {
  /// Of all alignments that end in a blank, and of those that end in the last token.
  var blankShare = 0.0
  var tokenShare = 0.0
  /// Of the best single one of them.
  var blankBest = 0.0
  var tokenBest = 0.0
  /// Tokens that were not given yet.
  var count = 0

  /// The prefix of no token, before the first frame.
  static let empty = CTCPrefix(blankShare: 1, blankBest: 1)

  var share: Double { blankShare + tokenShare }

  /// How the best single alignment ends.
  var bestEnding: PrefixEnding { blankBest >= tokenBest ? .blank : .token }

  mutating func scale(shares: Double, best: Double) {
    blankShare *= shares
    tokenShare *= shares
    blankBest *= best
    tokenBest *= best
  }
}

extension CTCPrefix: Restorable {
  mutating func exchange(with archive: inout StateArchive) {
    for share in [\CTCPrefix.blankShare, \.tokenShare, \.blankBest, \.tokenBest] {
      archive.value(&self[keyPath: share])
      archive.check(self[keyPath: share] >= 0 && self[keyPath: share].isFinite)
    }
    archive.value(&count)
  }
}

/// The tokens of the prefixes of a search that were not given yet: labels, and for each ending the frames in
/// which their runs begin on the best alignment. All rows are allocated once.
struct PendingTokens: Sendable, Equatable, Restorable {
  private let capacity: Int
  /// `[width, capacity]`
  private var labels: [Int32]
  /// `[width, endings, capacity]`
  private var frames: [UInt64]

  init(width: Int, capacity: Int) {
    self.capacity = capacity
    labels = Array(repeating: 0, count: width * capacity)
    frames = Array(repeating: 0, count: width * capacity * PrefixEnding.count)
  }

  func label(_ place: Int, _ index: Int) -> Int { Int(labels[place * capacity + index]) }

  func frame(_ place: Int, _ ending: PrefixEnding, _ index: Int) -> UInt64 {
    frames[row(place, ending) + index]
  }

  /// Whether the first tokens of one prefix are those of another.
  func begins(_ place: Int, as other: Int, count: Int) -> Bool {
    // The newest ones differ most often.
    for index in stride(from: count - 1, through: 0, by: -1)
    where label(place, index) != label(other, index) {
      return false
    }
    return true
  }

  mutating func copyLabels(from other: PendingTokens, _ source: Int, to place: Int, count: Int) {
    for index in 0..<count {
      labels[place * capacity + index] = other.labels[source * capacity + index]
    }
  }

  mutating func copyFrames(
    from other: PendingTokens, _ source: Int, _ ending: PrefixEnding, to place: Int,
    _ kind: PrefixEnding, count: Int
  ) {
    let (from, to) = (row(source, ending), row(place, kind))
    for index in 0..<count { frames[to + index] = other.frames[from + index] }
  }

  mutating func setFrame(
    _ place: Int, _ ending: PrefixEnding, _ index: Int, _ frame: UInt64
  ) {
    frames[row(place, ending) + index] = frame
  }

  /// Adds a token behind `count` ones, on the best alignments of both endings.
  mutating func append(_ place: Int, label: Int, frame: UInt64, after count: Int) {
    precondition(count < capacity, "no more tokens wait than frames")
    labels[place * capacity + count] = Int32(label)
    setFrame(place, .blank, count, frame)
    setFrame(place, .token, count, frame)
  }

  mutating func removeFirst(_ place: Int, count: Int) {
    for index in 1..<max(1, count) {
      labels[place * capacity + index - 1] = labels[place * capacity + index]
      setFrame(place, .blank, index - 1, frame(place, .blank, index))
      setFrame(place, .token, index - 1, frame(place, .token, index))
    }
  }

  mutating func move(_ place: Int, to left: Int, count: Int) {
    for index in 0..<count {
      labels[left * capacity + index] = labels[place * capacity + index]
      setFrame(left, .blank, index, frame(place, .blank, index))
      setFrame(left, .token, index, frame(place, .token, index))
    }
  }

  mutating func exchange(with archive: inout StateArchive) {
    archive.values(&labels)
    archive.values(&frames)
  }

  private func row(_ place: Int, _ ending: PrefixEnding) -> Int {
    (place * PrefixEnding.count + ending.rawValue) * capacity
  }
}
