import CAllocationCounter
import StreamCore
import Testing

/// Tokens of made-up outputs: greedy by the definition, the search against all alignments that there are.
@Suite("Tokens", .serialized)
struct CTCDecoderTests {
  /// Outputs whose best label in each frame is the given one; 0 is the blank.
  private static func rows(_ best: [Int], outputs: Int = 4) -> [[Float]] {
    best.map { label in (0..<outputs).map { $0 == label ? 0.7 : 0.3 / Float(outputs - 1) } }
  }

  /// What a decoder gives, as `frame at which it was given: label@its frame`; `finish` comes with `-`.
  private static func tokens(
    _ rows: [[Float]], beam: Int = 1, from start: UInt64 = 0
  ) -> [String] {
    var decoder = CTCDecoder(
      outputCount: rows[0].count, options: CTCOptions(blank: 0, beam: beam))
    var found: [String] = []
    for (index, row) in rows.enumerated() {
      let frame = start + UInt64(index)
      decoder.take(row.span, frame: frame) { found.append("\(frame): \($0.output)@\($0.frame)") }
    }
    decoder.finish { found.append("-: \($0.output)@\($0.frame)") }
    return found
  }

  @Test("A run of a label is a token at its first frame; the same one again needs a blank")
  func greedy() {
    #expect(
      Self.tokens(Self.rows([0, 1, 1, 0, 1, 2, 2, 3, 2, 0, 0]))
        == ["1: 1@1", "4: 1@4", "5: 2@5", "7: 3@7", "8: 2@8"])
    #expect(Self.tokens(Self.rows([2, 2, 2]), from: 70) == ["70: 2@70"])
    #expect(Self.tokens(Self.rows([0, 0])).isEmpty)
  }

  @Test("Of equal outputs the first is the best; what is not a number is no token")
  func ties() {
    #expect(Self.tokens([[0.5, 0.5, 0], [0, 0.5, 0.5]]) == ["1: 1@1"])
    #expect(Self.tokens([[.nan, .nan, .nan], [.nan, 0.1, .nan]]) == ["1: 1@1"])
    #expect(Self.tokens([[.nan, .nan, .nan], [.nan, 0.1, .nan]], beam: 4) == ["1: 1@1"])
  }

  @Test("A frame that was never given parts tokens as a blank does", arguments: [1, 8])
  func skips(beam: Int) {
    var decoder = CTCDecoder(outputCount: 4, options: CTCOptions(blank: 0, beam: beam))
    var found: [CTCToken] = []
    let row = Self.rows([2])[0]
    for frame in [3, 4, 6, 7] as [UInt64] {
      decoder.take(row.span, frame: frame) { found.append($0) }
    }
    decoder.finish { found.append($0) }
    #expect(found == [CTCToken(output: 2, frame: 3), CTCToken(output: 2, frame: 6)])
    // Nothing is left of what was before.
    decoder.take(row.span, frame: 8) { found.append($0) }
    decoder.finish { found.append($0) }
    #expect(found.count == 3 && found.last?.frame == 8)
  }

  /// The sequence with the largest share over all alignments, and where its tokens begin on the best one.
  private static func exhaustive(_ rows: [[Float]]) -> (labels: [Int], frames: [Int]) {
    let outputs = rows[0].count
    var found: [[Int]: (share: Double, best: Double, frames: [Int])] = [:]
    var alignment = [Int](repeating: 0, count: rows.count)
    while true {
      var (labels, frames) = ([Int](), [Int]())
      var share = 1.0
      for (frame, label) in alignment.enumerated() {
        share *= Double(rows[frame][label])
        if label != 0, frame == 0 || alignment[frame - 1] != label {
          labels.append(label)
          frames.append(frame)
        }
      }
      var entry = found[labels] ?? (0, 0, [])
      entry.share += share
      if share > entry.best { (entry.best, entry.frames) = (share, frames) }
      found[labels] = entry
      var place = 0
      while place < alignment.count, alignment[place] == outputs - 1 {
        alignment[place] = 0
        place += 1
      }
      guard place < alignment.count else { break }
      alignment[place] += 1
    }
    let best = found.max { $0.value.share < $1.value.share }
    return (best?.key ?? [], best?.value.frames ?? [])
  }

  @Test("A beam that keeps all prefixes finds the best one of all", arguments: 0..<60)
  func wholeBeam(seed: UInt32) {
    var random = RandomModels(seed: seed)
    // Sequences of two labels over five frames are 63, of three over three 40.
    let (outputs, frames) = seed % 2 == 0 ? (3, 5) : (4, 3)
    let rows = (0..<frames).map { _ -> [Float] in
      let row = (0..<outputs).map { _ in random.uniform() + 1.001 }
      return row.map { $0 / row.reduce(0, +) }
    }
    let expected = Self.exhaustive(rows)
    var decoder = CTCBeamDecoder(outputCount: outputs, blank: 0, width: 64)
    var found: [CTCToken] = []
    for (frame, row) in rows.enumerated() {
      decoder.take(row.span, frame: UInt64(frame)) { found.append($0) }
    }
    #expect(found.isEmpty)
    decoder.finish { found.append($0) }
    #expect(found.map(\.output) == expected.labels)
    #expect(found.map { Int($0.frame) } == expected.frames)
  }

  /// In each frame the blank is best, but alignments with the label are more likely together:
  /// 1 - 0.6 * 0.6 against 0.6 * 0.6.
  @Test("A search adds up alignments, which the best label of each frame does not")
  func sums() {
    let rows: [[Float]] = [[0.6, 0.4], [0.6, 0.4]]
    #expect(Self.tokens(rows).isEmpty)
    // The best alignment of the label is the one that begins later or sooner: of equals the one kept first.
    #expect(Self.tokens(rows, beam: 2).count == 1)
  }

  @Test("A token is given once all prefixes agree on it")
  func agreement() {
    // The second frame leaves open whether 1 goes on to 2; the first token is known once no prefix without
    // it is kept.
    let found = Self.tokens(
      [[0.01, 0.98, 0.01], [0.5, 0.01, 0.49], [0.98, 0.01, 0.01], [0.98, 0.01, 0.01]], beam: 2)
    #expect(found == ["1: 1@0"])
  }

  @Test("Prefixes that never agree hold a token no longer than the longest lag")
  func lag() {
    // A frame that is 1 or 2 alike, then blanks for ever: nothing decides between them.
    let rows = [[0, 0.5, 0.5]] + [[Float]](repeating: [1, 0, 0], count: 200)
    let found = Self.tokens(rows, beam: 2)
    #expect(found == ["\(CTCBeamDecoder.longestLag): 1@0"])
  }

  @Test("Shares neither vanish nor overflow over hours", arguments: [2, 8])
  func long(beam: Int) {
    var random = RandomModels(seed: 5)
    var decoder = CTCDecoder(outputCount: 5, options: CTCOptions(blank: 0, beam: beam))
    var greedy = CTCDecoder(outputCount: 5, options: CTCOptions(blank: 0))
    var (found, plain) = ([CTCToken](), [CTCToken]())
    for frame in 0..<30_000 {
      // Sure of itself by ten digits: one in three frames a label.
      let best = Int((random.uniform() + 1) * 6) % 12
      let row = (0..<5).map { Float($0 == (best > 4 ? 0 : best) ? 1 : 1e-10) }
      decoder.take(row.span, frame: UInt64(frame)) { token in
        found.append(token)
        #expect(UInt64(frame) - token.frame <= CTCBeamDecoder.longestLag)
      }
      greedy.take(row.span, frame: UInt64(frame)) { plain.append($0) }
    }
    decoder.finish { found.append($0) }
    #expect(found == plain)
    #expect(found.count > 5_000)
  }

  @Test("A decoder is a value: a copy goes on alike", arguments: [1, 6])
  func copies(beam: Int) {
    var random = RandomModels(seed: 11)
    var decoder = CTCDecoder(outputCount: 6, options: CTCOptions(blank: 2, beam: beam))
    var (found, again) = ([CTCToken](), [CTCToken]())
    var copy = decoder
    for frame in 0..<400 {
      if frame == 200 { copy = decoder }
      let row = random.values(6).map { abs($0) + 0.01 }
      decoder.take(row.span, frame: UInt64(frame)) { if frame >= 200 { found.append($0) } }
      if frame >= 200 { copy.take(row.span, frame: UInt64(frame)) { again.append($0) } }
    }
    #expect(copy == decoder)
    #expect(found == again && found.count > 20)
  }

  @Test(
    "Nothing is allocated",
    .disabled(if: allocation_counter_stands_aside() == 1, "a sanitizer has the allocator"),
    arguments: [1, 8])
  func allocations(beam: Int) {
    var random = RandomModels(seed: 3)
    let outputs = random.values(40 * 2_000).map { abs($0) + 0.01 }
    var decoder = CTCDecoder(outputCount: 40, options: CTCOptions(blank: 0, beam: beam))
    var (count, before) = (0, 0)
    for frame in 0..<2_000 {
      if frame == 100 { before = allocation_counter_value() }
      let skip: UInt64 = frame < 1_000 ? 0 : 5
      let values = outputs.span.extracting(40 * frame..<40 * frame + 40)
      decoder.take(values, frame: UInt64(frame) + skip) { _ in count += 1 }
    }
    decoder.finish { _ in count += 1 }
    #expect(allocation_counter_value() == before)
    #expect(count > 100)
  }
}
