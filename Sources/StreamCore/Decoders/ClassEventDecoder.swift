/// Changes of the class from the outputs of a model that has several, frame by frame.
///
/// A class is the largest output of a frame, the first one of equals. It has changed when another one has
/// been the largest for longer than the rule's shortest speech, and begins where it became that.
public struct ClassEventDecoder: Sendable, Restorable {
  private let grid: EventGrid
  private let minimumLength: Int64
  private let minimumSilence: Int64

  /// The class that was given last.
  private var given: Int?
  /// The class of the last frame, and where it began.
  private var present: (output: Int, start: Int64)?
  /// The frame behind the last one.
  public private(set) var nextFrame: UInt64 = 0

  public init(grid: EventGrid, rule: EventRule = EventRule()) {
    self.grid = grid
    minimumLength = grid.samples(milliseconds: rule.minimumSpeech)
    minimumSilence = grid.samples(milliseconds: rule.minimumSilence)
  }

  /// Takes a frame's outputs, one at least. Frames rise; after skipped ones that are as long as a silence
  /// the class is given anew. Does not allocate.
  public mutating func take(
    _ values: borrowing Span<Float>, frame: UInt64, emit: (StreamEvent) -> Void
  ) {
    precondition(frame >= nextFrame, "frames rise")
    let (begins, ends) = (grid.start(of: frame), grid.start(of: frame + 1))
    if begins - grid.start(of: nextFrame) >= minimumSilence { (given, present) = (nil, nil) }
    nextFrame = frame + 1
    var best = 0
    for index in values.indices where values[index] > values[best] || values[best].isNaN {
      best = index
    }
    let current: (output: Int, start: Int64)
    if let present, present.output == best { current = present } else { current = (best, begins) }
    present = current
    if best != given, ends - current.start > minimumLength {
      given = best
      emit(
        StreamEvent(kind: .change, output: best, position: current.start, edge: current.start))
    }
  }

  public mutating func exchange(with archive: inout StateArchive) {
    archive.value(&given)
    archive.optional(&present, blank: (output: 0, start: 0)) { present, archive in
      archive.value(&present.output)
      archive.value(&present.start)
    }
    archive.value(&nextFrame)
    archive.check(grid.reaches(nextFrame))
  }
}
