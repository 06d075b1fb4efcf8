import Results
import Testing

@testable import Quality

/// Alignments in a band against those over all cells.
@Suite("Alignment of tokens")
struct TokenAlignmentTests {
  /// The same by the definition, all cells at once.
  private static func plain(_ reference: [Int32], _ hypothesis: [Int32]) -> TokenAlignment.Plain {
    let (rows, columns) = (reference.count + 1, hypothesis.count + 1)
    var cost = [[Int]](repeating: [Int](repeating: 0, count: columns), count: rows)
    for i in 0..<rows {
      for j in 0..<columns {
        var ways: [Int] = []
        if i > 0, j > 0 {
          ways.append(cost[i - 1][j - 1] + (reference[i - 1] == hypothesis[j - 1] ? 0 : 1))
        }
        if i > 0 { ways.append(cost[i - 1][j] + 1) }
        if j > 0 { ways.append(cost[i][j - 1] + 1) }
        cost[i][j] = ways.min() ?? 0
      }
    }
    var found = TokenAlignment.Plain(partners: [Int?](repeating: nil, count: reference.count))
    var (i, j) = (reference.count, hypothesis.count)
    while i > 0 || j > 0 {
      if i > 0, j > 0,
        cost[i][j] == cost[i - 1][j - 1] + (reference[i - 1] == hypothesis[j - 1] ? 0 : 1)
      {
        (i, j) = (i - 1, j - 1)
        found.partners[i] = j
      } else if i > 0, cost[i][j] == cost[i - 1][j] + 1 {
        i -= 1
      } else {
        j -= 1
        found.insertions.insert([j, i - 1], at: 0)
      }
    }
    return found
  }

  @Test("Random sequences, with few errors and with nothing but errors", arguments: 0..<60)
  func random(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let labels = 1 + random.index(below: 6)
    let length = random.index(below: seed % 10 == 0 ? 500 : 60)
    let noise = [0, 1, 3, 7, 10][Int(seed % 5)]
    let reference = (0..<length).map { _ in Int32(random.index(below: labels)) }
    var hypothesis: [Int32] = []
    for token in reference {
      guard random.index(below: 10) < noise else {
        hypothesis.append(token)
        continue
      }
      for _ in 0..<random.index(below: 3) {
        hypothesis.append(Int32(random.index(below: labels)))
      }
    }
    #expect(
      TokenAlignment(reference, hypothesis).plain == Self.plain(reference, hypothesis))
  }

  @Test("More errors than the first band holds, and a sequence much longer than the other")
  func wide() {
    let reference = (0..<400).map { Int32($0 % 7) }
    // The first half is missing, and as much is added behind.
    let shifted = Array(reference[200...]) + [Int32](repeating: 9, count: 200)
    #expect(TokenAlignment(reference, shifted).plain == Self.plain(reference, shifted))
    let few = Array(reference[..<5])
    #expect(TokenAlignment(reference, few).plain == Self.plain(reference, few))
    #expect(TokenAlignment(few, reference).plain == Self.plain(few, reference))
  }

  @Test("Nothing on either side")
  func empty() {
    #expect(TokenAlignment([], []).plain == TokenAlignment.Plain(partners: []))
    #expect(TokenAlignment([1, 2], []).plain.partners == [nil, nil])
    #expect(TokenAlignment([], [1, 2]).plain.insertions == [[0, -1], [1, -1]])
  }
}

extension TokenAlignment {
  /// What a test compares.
  struct Plain: Equatable {
    var partners: [Int?]
    /// Place and the reference token before it.
    var insertions: [[Int]] = []
  }

  var plain: Plain {
    Plain(partners: partners, insertions: insertions.map { [$0.place, $0.after] })
  }
}
