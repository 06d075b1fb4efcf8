/// The fewest substitutions, deletions and insertions that make one sequence of tokens of another, and which
/// token stands for which (Levenshtein 1965).
///
/// Of several such alignments it is the one that is found by going back from both ends and taking a match or
/// a substitution where that is among the fewest, else a deletion, else an insertion.
///
/// Only a band around the diagonal is looked at, as wide as the number of errors asks for, and only every
/// so many rows of it are kept: 36,000 tokens with every fifth one wrong take some 20 MB and two seconds.
struct TokenAlignment: Sendable, Equatable {
  /// For each token of the reference the place of the one that stands for it; nil for a deletion.
  let partners: [Int?]
  /// Tokens that stand for none, in order, each with the place of the last reference token before it; -1
  /// where there is none.
  let insertions: [(place: Int, after: Int)]

  static func == (one: TokenAlignment, other: TokenAlignment) -> Bool {
    one.partners == other.partners
      && one.insertions.elementsEqual(other.insertions) {
        $0.place == $1.place && $0.after == $1.after
      }
  }

  /// Aligns a hypothesis with a reference. Allocates.
  init(_ reference: [Int32], _ hypothesis: [Int32]) {
    let (rows, columns) = (reference.count, hypothesis.count)
    let offset = abs(rows - columns)
    var half = offset + 64
    while true {
      let band = AlignmentBand(reference, hypothesis, half: half)
      let errors = band.distance
      // A path that leaves the band has at least this many errors.
      if errors < 2 * (half + 1) - offset {
        (partners, insertions) = band.traced()
        return
      }
      half = (errors + offset) / 2 + 1
    }
  }
}

/// The errors of all beginnings of two sequences, in a band around the diagonal.
private struct AlignmentBand {
  private enum Step: UInt8 {
    case pair
    case deletion
    case insertion
  }

  /// More errors than there can be.
  private static let never = Int32.max / 2

  private let reference: [Int32]
  private let hypothesis: [Int32]
  /// Columns on each side of the diagonal.
  private let half: Int
  private let width: Int
  /// Rows between two that are kept.
  private let stride: Int
  /// Rows 0, `stride`, 2 `stride`, ... of the band, each `[width]`.
  private let kept: [[Int32]]
  /// Errors of the whole alignment, at most; exact if no fewer lie outside of the band.
  let distance: Int

  init(_ reference: [Int32], _ hypothesis: [Int32], half: Int) {
    self.reference = reference
    self.hypothesis = hypothesis
    self.half = half
    let width = 2 * half + 1
    var stride = 1
    while stride * stride < reference.count { stride += 1 }
    (self.width, self.stride) = (width, stride)
    var row = (0..<width).map { place in
      let column = place - half
      return (0...hypothesis.count).contains(column) ? Int32(column) : Self.never
    }
    var kept = [row]
    var steps: [Step] = []
    for index in 0..<reference.count {
      Self.advance(&row, to: index + 1, reference, hypothesis, half, &steps, at: nil)
      if (index + 1) % stride == 0 { kept.append(row) }
    }
    self.kept = kept
    distance = Int(row[hypothesis.count - reference.count + half])
  }

  /// Makes a row of the one above it; from a place `line` on `steps` takes how each of its cells is reached.
  private static func advance(
    _ row: inout [Int32], to index: Int, _ reference: [Int32], _ hypothesis: [Int32], _ half: Int,
    _ steps: inout [Step], at line: Int?
  ) {
    let token = reference[index - 1]
    // Columns 0 to the last one, as far as they lie in the band.
    let first = max(0, half - index)
    let last = min(row.count - 1, hypothesis.count - index + half)
    var left = never
    var place = first
    while place <= last {
      let column = index + place - half
      // The row above is a column further right at each place.
      let isMatch = column > 0 && hypothesis[column - 1] == token
      let pair = column > 0 ? row[place] + (isMatch ? 0 : 1) : never
      let deletion = place + 1 < row.count ? row[place + 1] + 1 : never
      let best = min(pair, deletion, left + 1)
      if let line {
        steps[line + place] = best == pair ? .pair : best == deletion ? .deletion : .insertion
      }
      row[place] = best
      left = best
      place += 1
    }
    for place in max(first, last + 1)..<row.count { row[place] = never }
  }

  /// Goes back from both ends; makes the rows between two kept ones again, with how each cell is reached.
  func traced() -> ([Int?], [(place: Int, after: Int)]) {
    var partners = [Int?](repeating: nil, count: reference.count)
    var insertions: [(place: Int, after: Int)] = []
    var (row, column) = (reference.count, hypothesis.count)
    var steps = [Step](repeating: .pair, count: stride * width)
    while row > 0 {
      let block = (row - 1) / stride
      let start = block * stride
      var cells = kept[block]
      for index in start..<row {
        Self.advance(
          &cells, to: index + 1, reference, hypothesis, half, &steps, at: (index - start) * width)
      }
      while row > start {
        switch steps[(row - 1 - start) * width + column - row + half] {
        case .pair:
          (row, column) = (row - 1, column - 1)
          partners[row] = column
        case .deletion: row -= 1
        case .insertion:
          column -= 1
          insertions.append((column, row - 1))
        }
      }
    }
    for place in (0..<column).reversed() { insertions.append((place, -1)) }
    return (partners, insertions.reversed())
  }
}
