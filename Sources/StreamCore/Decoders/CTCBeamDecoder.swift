/// Tokens by a prefix beam search (Hannun et al., "First-pass large vocabulary continuous speech
/// recognition using bi-directional recurrent DNNs", 2014, without a language model).
///
/// It keeps the prefixes with the largest shares, each summed over all its alignments to the frames. A
/// token is given as soon as all of them begin with it, or when the best one has held it for `longestLag`
/// frames: those without it are then dropped. Its frame is that in which its run begins on the best single
/// alignment of the best prefix.
///
/// Shares are Doubles relative to the largest, rescaled by powers of two after each frame, which is exact:
/// they reach as far down as logarithms that anybody would keep, with nothing but products and sums, so that
/// all machines agree on every bit. Of equal shares the prefix that was there first stays.
public struct CTCBeamDecoder: Sendable, Equatable {
  /// Frames that a token may wait for the prefixes to agree on it.
  public static let longestLag: UInt64 = 64

  private let blank: Int
  private let width: Int
  private let outputCount: Int

  /// `[width]`, the largest share first; the first `kept` are in use.
  private var prefixes: [CTCPrefix]
  private var kept: Int
  private var tokens: PendingTokens
  /// Those of the frame before, while a frame is taken.
  private var earlier: [CTCPrefix]
  private var earlierTokens: PendingTokens
  /// For each of `earlier` the place of the prefix that has one token less; -1 for none.
  private var parents: [Int]
  /// The best continuations of a frame so far, the largest share first.
  private var chosen: [Continuation]
  private var chosenCount = 0
  /// A frame's outputs `[outputs]`.
  private var shares: [Double]

  /// The frame behind the last one.
  private(set) var nextFrame: UInt64 = 0
  /// The label and the frame of the token that was given last since the search began; -1 for none.
  private var given = -1
  private var givenFrame: UInt64 = 0

  /// What a prefix becomes in a frame: itself, or one with a label more.
  private struct Continuation: Sendable, Equatable {
    var share = 0.0
    var source = 0
    /// -1 for the prefix itself.
    var label = -1
  }

  /// A search that keeps `width` prefixes of labels of so many outputs. Allocates all that it needs.
  public init(outputCount: Int, blank: Int, width: Int) {
    self.blank = blank
    self.width = width
    self.outputCount = outputCount
    prefixes = Array(repeating: CTCPrefix(), count: width)
    earlier = prefixes
    tokens = PendingTokens(width: width, capacity: Int(Self.longestLag) + 1)
    earlierTokens = tokens
    parents = Array(repeating: -1, count: width)
    chosen = Array(repeating: Continuation(), count: width)
    shares = Array(repeating: 0, count: outputCount)
    kept = 1
    prefixes[0] = .empty
  }

  /// Takes a frame's outputs `[outputs]`; gives the tokens that are known by it. Does not allocate.
  public mutating func take(
    _ values: borrowing Span<Float>, frame: UInt64, emit: (CTCToken) -> Void
  ) {
    precondition(frame >= nextFrame, "frames rise")
    precondition(values.count == outputCount, "a value an output")
    if frame > nextFrame { finish(emit: emit) }
    nextFrame = frame + 1
    read(values)
    swap(&prefixes, &earlier)
    swap(&tokens, &earlierTokens)
    findParents()
    choose()
    for place in 0..<chosenCount { make(place, at: frame) }
    kept = chosenCount
    rescale()
    giveAgreed(emit)
    giveOverdue(at: frame, emit)
  }

  /// Gives what the best prefix still holds, and begins anew. Does not allocate.
  public mutating func finish(emit: (CTCToken) -> Void) {
    while prefixes[0].count > 0 { giveFirst(emit) }
    kept = 1
    prefixes[0] = .empty
    (given, givenFrame) = (-1, 0)
  }

  /// A frame without any share is one of blanks: nothing is known of it.
  private mutating func read(_ values: borrowing Span<Float>) {
    var sum = 0.0
    for index in values.indices {
      let value = Double(values[index])
      shares[index] = value > 0 && value.isFinite ? value : 0
      sum += shares[index]
    }
    if sum == 0 { shares[blank] = 1 }
  }

  /// The last label of an earlier prefix, whether it was given or not; -1 for none.
  private func last(_ place: Int) -> Int {
    let count = earlier[place].count
    return count == 0 ? given : earlierTokens.label(place, count - 1)
  }

  private mutating func findParents() {
    for child in 0..<kept {
      parents[child] = -1
      let count = earlier[child].count
      guard count > 0 else { continue }
      for place in 0..<kept
      where earlier[place].count == count - 1
        && earlierTokens.begins(child, as: place, count: count - 1)
      {
        parents[child] = place
      }
    }
  }

  /// The share of a prefix's continuation by a label: the same label again needs a blank between.
  private func extended(_ place: Int, by label: Int) -> Double {
    let prefix = earlier[place]
    return (label == last(place) ? prefix.blankShare : prefix.share) * shares[label]
  }

  /// The share of a prefix that stays what it is while its last token goes on, or begins in this frame.
  private func continued(_ place: Int) -> Double {
    let label = last(place)
    guard label >= 0 else { return 0 }
    let going = earlier[place].tokenShare * shares[label]
    return parents[place] < 0 ? going : going + extended(parents[place], by: label)
  }

  /// Finds the continuations with the largest shares.
  private mutating func choose() {
    chosenCount = 0
    for place in 0..<kept {
      let share = earlier[place].share * shares[blank] + continued(place)
      insert(Continuation(share: share, source: place, label: -1))
    }
    for place in 0..<kept {
      let (prefix, last) = (earlier[place], last(place))
      for label in 0..<outputCount where label != blank {
        let share = (label == last ? prefix.blankShare : prefix.share) * shares[label]
        guard chosenCount < width || share > chosen[chosenCount - 1].share else { continue }
        guard !isKept(place, with: label) else { continue }
        insert(Continuation(share: share, source: place, label: label))
      }
    }
    if chosenCount == 0 {
      // All that was kept has no share in this frame: the best one stays as over an unknown frame.
      shares[blank] = 1
      insert(Continuation(share: earlier[0].share, source: 0, label: -1))
    }
  }

  /// Whether an earlier prefix is another one with this label behind it.
  private func isKept(_ place: Int, with label: Int) -> Bool {
    for child in 0..<kept where parents[child] == place && last(child) == label { return true }
    return false
  }

  private mutating func insert(_ continuation: Continuation) {
    guard continuation.share > 0 else { return }
    if chosenCount < width {
      chosenCount += 1
    } else if continuation.share <= chosen[width - 1].share {
      return
    }
    var place = chosenCount - 1
    while place > 0, chosen[place - 1].share < continuation.share {
      chosen[place] = chosen[place - 1]
      place -= 1
    }
    chosen[place] = continuation
  }

  /// Makes a prefix of a continuation.
  private mutating func make(_ place: Int, at frame: UInt64) {
    let (source, label) = (chosen[place].source, chosen[place].label)
    let old = earlier[source]
    guard label < 0 else {
      let (best, ending) = bestBefore(label, of: source)
      prefixes[place] = CTCPrefix(
        blankShare: 0, tokenShare: chosen[place].share, blankBest: 0,
        tokenBest: best * shares[label], count: old.count + 1)
      tokens.copyLabels(from: earlierTokens, source, to: place, count: old.count)
      tokens.copyFrames(
        from: earlierTokens, source, ending, to: place, .blank, count: old.count)
      tokens.copyFrames(
        from: earlierTokens, source, ending, to: place, .token, count: old.count)
      tokens.append(place, label: label, frame: frame, after: old.count)
      return
    }
    prefixes[place] = CTCPrefix(
      blankShare: old.share * shares[blank], tokenShare: continued(source),
      blankBest: max(old.blankBest, old.tokenBest) * shares[blank], tokenBest: 0,
      count: old.count)
    tokens.copyLabels(from: earlierTokens, source, to: place, count: old.count)
    tokens.copyFrames(
      from: earlierTokens, source, old.bestEnding, to: place, .blank, count: old.count)
    let last = last(source)
    guard last >= 0 else { return }
    let going = old.tokenBest * shares[last]
    var begun = (best: 0.0, ending: PrefixEnding.blank)
    if parents[source] >= 0 {
      begun = bestBefore(last, of: parents[source])
      begun.best *= shares[last]
    }
    prefixes[place].tokenBest = max(going, begun.best)
    if going >= begun.best {
      tokens.copyFrames(
        from: earlierTokens, source, .token, to: place, .token, count: old.count)
    } else {
      tokens.copyFrames(
        from: earlierTokens, parents[source], begun.ending, to: place, .token,
        count: old.count - 1)
      tokens.setFrame(place, .token, old.count - 1, frame)
    }
  }

  /// The best single alignment of an earlier prefix that a label can follow.
  private func bestBefore(_ label: Int, of place: Int) -> (best: Double, ending: PrefixEnding) {
    let prefix = earlier[place]
    if label == last(place) { return (prefix.blankBest, .blank) }
    return (max(prefix.blankBest, prefix.tokenBest), prefix.bestEnding)
  }

  /// Brings the largest share, and the best alignment's, near 1, by powers of two.
  private mutating func rescale() {
    var best = 0.0
    for place in 0..<kept { best = max(best, prefixes[place].blankBest, prefixes[place].tokenBest) }
    let shift = Self.shift(prefixes[0].share)
    let bestShift = Self.shift(best)
    for place in 0..<kept { prefixes[place].scale(shares: shift, best: bestShift) }
  }

  private static func shift(_ value: Double) -> Double {
    value > 0 ? Double(sign: .plus, exponent: -Int(value.exponent), significand: 1) : 1
  }
}

extension CTCBeamDecoder: Restorable {
  /// What lasts from a frame to the next.
  public mutating func exchange(with archive: inout StateArchive) {
    archive.value(&kept)
    archive.each(&prefixes)
    archive.value(&tokens)
    archive.value(&nextFrame)
    archive.value(&given)
    archive.value(&givenFrame)
    archive.check((1...width).contains(kept) && (-1..<outputCount).contains(given))
    guard archive.isRestoring, !archive.isDamaged else { return }
    archive.check((0..<kept).allSatisfy(isPossible))
  }

  /// Whether a prefix that was restored can be one: its labels are outputs, and their runs begin one after
  /// another, none so long ago that it would have been given.
  private func isPossible(_ place: Int) -> Bool {
    let prefix = prefixes[place]
    guard (0...Int(Self.longestLag)).contains(prefix.count) else { return false }
    return (0..<prefix.count).allSatisfy { index in
      let frame = tokens.frame(place, prefix.bestEnding, index)
      return (0..<outputCount).contains(tokens.label(place, index))
        && tokens.frame(place, .blank, index) < nextFrame
        && tokens.frame(place, .token, index) < nextFrame
        && nextFrame - frame <= Self.longestLag
        && (index == 0 || tokens.frame(place, prefix.bestEnding, index - 1) < frame)
    }
  }
}

// What leaves the search.
extension CTCBeamDecoder {
  /// Whether all prefixes begin with the same token.
  private var isAgreed: Bool {
    guard prefixes[0].count > 0 else { return false }
    for place in 1..<max(1, kept)
    where prefixes[place].count == 0 || tokens.label(place, 0) != tokens.label(0, 0) {
      return false
    }
    return true
  }

  private mutating func giveAgreed(_ emit: (CTCToken) -> Void) {
    while isAgreed { giveFirst(emit) }
  }

  /// Gives what the best prefix has held for too long, and drops those that say otherwise, or that hold
  /// something for as long which the best one does not.
  private mutating func giveOverdue(at frame: UInt64, _ emit: (CTCToken) -> Void) {
    while isOverdue(0, at: frame) {
      let first = tokens.label(0, 0)
      drop { prefixes, tokens, place in
        prefixes[place].count == 0 || tokens.label(place, 0) != first
      }
      giveFirst(emit)
    }
    drop { prefixes, tokens, place in Self.isOverdue(prefixes[place], place, tokens, at: frame) }
    giveAgreed(emit)
  }

  private func isOverdue(_ place: Int, at frame: UInt64) -> Bool {
    Self.isOverdue(prefixes[place], place, tokens, at: frame)
  }

  private static func isOverdue(
    _ prefix: CTCPrefix, _ place: Int, _ tokens: PendingTokens, at frame: UInt64
  ) -> Bool {
    prefix.count > 0 && tokens.frame(place, prefix.bestEnding, 0) + longestLag <= frame
  }

  /// Drops all prefixes but the best one that a condition holds for.
  private mutating func drop(_ isDropped: ([CTCPrefix], PendingTokens, Int) -> Bool) {
    var left = 1
    for place in 1..<max(1, kept) where !isDropped(prefixes, tokens, place) {
      if left != place {
        prefixes[left] = prefixes[place]
        tokens.move(place, to: left, count: prefixes[place].count)
      }
      left += 1
    }
    kept = left
  }

  /// Gives the first token of the best prefix, which all others have, too. Frames never go back.
  private mutating func giveFirst(_ emit: (CTCToken) -> Void) {
    let label = tokens.label(0, 0)
    givenFrame = max(givenFrame, tokens.frame(0, prefixes[0].bestEnding, 0))
    given = label
    for place in 0..<kept where prefixes[place].count > 0 {
      tokens.removeFirst(place, count: prefixes[place].count)
      prefixes[place].count -= 1
    }
    emit(CTCToken(output: label, frame: givenFrame))
  }
}
