/// Start and end of speech from the one output of a model, frame by frame.
///
/// Gives the stretches of `silero_vad.get_speech_timestamps` with the rule's values, each start as soon as
/// its speech is long enough and each end as soon as its silence is. Where the padding of two stretches
/// would overlap, the later one begins where the earlier one ended.
public struct SpeechEventDecoder: Sendable, Restorable {
  private let grid: EventGrid
  private let rule: EventRule
  private let minimumSpeech: Int64
  private let minimumSilence: Int64
  private let padding: Int64

  /// Where speech began that has not ended.
  private var start: Int64?
  /// Whether that start was given.
  private var isGiven = false
  /// Where it went quiet since.
  private var quietStart: Int64?
  /// The frame behind the last one.
  public private(set) var nextFrame: UInt64 = 0
  /// Where the padding of the last stretch ended.
  private var lastEnd: Int64 = 0

  public init(grid: EventGrid, rule: EventRule = EventRule()) {
    self.grid = grid
    self.rule = rule
    minimumSpeech = grid.samples(milliseconds: rule.minimumSpeech)
    minimumSilence = grid.samples(milliseconds: rule.minimumSilence)
    padding = grid.samples(milliseconds: rule.padding)
  }

  /// Takes a frame's output. Frames rise; skipped ones are unknown, and end speech where they are as
  /// long as a silence that does. Does not allocate.
  public mutating func take(
    _ value: Float, frame: UInt64, emit: (StreamEvent) -> Void
  ) {
    precondition(frame >= nextFrame, "frames rise")
    let (begins, ends) = (grid.start(of: frame), grid.start(of: frame + 1))
    let known = grid.start(of: nextFrame)
    if start != nil, begins - known >= minimumSilence { close(at: known, emit: emit) }
    nextFrame = frame + 1
    if value >= rule.threshold {
      quietStart = nil
      if start == nil { start = begins }
    } else if value < rule.quietThreshold, start != nil {
      let quiet = quietStart ?? begins
      quietStart = quiet
      if begins - quiet >= minimumSilence { close(at: quiet, emit: emit) }
    }
    if let start, quietStart == nil, ends - start > minimumSpeech { give(start, emit: emit) }
  }

  /// The stream ends, or goes on somewhere else: so does speech. Does not allocate.
  public mutating func finish(emit: (StreamEvent) -> Void) {
    if start != nil { close(at: grid.start(of: nextFrame), emit: emit) }
  }

  public mutating func exchange(with archive: inout StateArchive) {
    archive.value(&start)
    archive.value(&isGiven)
    archive.value(&quietStart)
    archive.value(&nextFrame)
    archive.check(grid.reaches(nextFrame))
    archive.value(&lastEnd)
  }

  private mutating func give(_ start: Int64, emit: (StreamEvent) -> Void) {
    guard !isGiven else { return }
    isGiven = true
    emit(
      StreamEvent(kind: .start, output: 0, position: max(start - padding, lastEnd), edge: start))
  }

  private mutating func close(at end: Int64, emit: (StreamEvent) -> Void) {
    if let start, end - start > minimumSpeech { give(start, emit: emit) }
    if isGiven {
      lastEnd = min(end + padding, grid.start(of: nextFrame))
      emit(StreamEvent(kind: .end, output: 0, position: lastEnd, edge: end))
    }
    start = nil
    quietStart = nil
    isGiven = false
  }
}
