/// A token that outputs gave: its label and the first frame of its run.
public struct CTCToken: Sendable, Equatable {
  /// Index of its label among the outputs.
  public var output: Int
  public var frame: UInt64

  public init(output: Int, frame: UInt64) {
    self.output = output
    self.frame = frame
  }
}

/// How the outputs of a model of kind CTC are read.
public struct CTCOptions: Sendable, Equatable {
  /// The most prefixes that a search may keep.
  public static let widest = 64

  /// Index of the blank among the outputs.
  public var blank: Int
  /// Prefixes that the search keeps; 1 for the best label of each frame, without a search.
  public var beam: Int

  public init(blank: Int, beam: Int = 1) {
    precondition((1...Self.widest).contains(beam), "a beam keeps 1 to 64 prefixes")
    self.blank = blank
    self.beam = beam
  }
}

/// Tokens from the outputs of a model of kind CTC, frame by frame: greedy, or by a prefix beam search.
///
/// A frame that was never given, such as one that the late policy dropped or one in a gap that reset the
/// lane, ends what came before it as `finish` does: it is unknown, and parts tokens as a blank would. All
/// state is in this value.
public struct CTCDecoder: Sendable, Equatable, Restorable {
  private var greedy: CTCGreedyDecoder
  /// Nil where nothing is searched for.
  private var search: CTCBeamDecoder?

  /// A decoder for so many outputs. Allocates all that it will ever need.
  public init(outputCount: Int, options: CTCOptions) {
    precondition((0..<outputCount).contains(options.blank), "the blank is an output")
    greedy = CTCGreedyDecoder(blank: options.blank)
    if options.beam > 1 {
      search = CTCBeamDecoder(
        outputCount: outputCount, blank: options.blank, width: options.beam)
    }
  }

  /// Takes a frame's outputs `[outputs]`; frames rise. Gives the tokens that are known by it, in order.
  /// Does not allocate.
  public mutating func take(
    _ values: borrowing Span<Float>, frame: UInt64, emit: (CTCToken) -> Void
  ) {
    guard search != nil else { return greedy.take(values, frame: frame, emit: emit) }
    search?.take(values, frame: frame, emit: emit)
  }

  /// The stream ends, or goes on somewhere else: gives what was still open, and begins anew. Does not
  /// allocate.
  public mutating func finish(emit: (CTCToken) -> Void) {
    greedy.finish()
    search?.finish(emit: emit)
  }

  /// The frame behind the last one that it took.
  package var nextFrame: UInt64 { search?.nextFrame ?? greedy.nextFrame }

  public mutating func exchange(with archive: inout StateArchive) {
    greedy.exchange(with: &archive)
    search?.exchange(with: &archive)
  }
}

/// The best label of each frame: a run of one label that is not the blank is a token.
///
/// The same label again is a token again only after a blank. Of equal outputs the first one is the best; one
/// that is not a number is the lowest, and a frame of nothing else is a blank.
public struct CTCGreedyDecoder: Sendable, Equatable, Restorable {
  private let blank: Int
  /// The best label of the last frame.
  private var last: Int
  /// The frame behind the last one.
  fileprivate var nextFrame: UInt64 = 0

  public init(blank: Int) {
    self.blank = blank
    last = blank
  }

  /// Takes a frame's outputs; gives its token if one begins here. Does not allocate.
  public mutating func take(
    _ values: borrowing Span<Float>, frame: UInt64, emit: (CTCToken) -> Void
  ) {
    precondition(frame >= nextFrame, "frames rise")
    if frame > nextFrame { finish() }
    nextFrame = frame + 1
    var best = 0
    for index in values.indices where values[index] > values[best] || values[best].isNaN {
      best = index
    }
    if values[best].isNaN { best = blank }
    if best != last, best != blank { emit(CTCToken(output: best, frame: frame)) }
    last = best
  }

  /// What follows begins anew: nothing is open, as each token was given with its first frame.
  public mutating func finish() { last = blank }

  public mutating func exchange(with archive: inout StateArchive) {
    archive.value(&last)
    archive.value(&nextFrame)
  }
}
