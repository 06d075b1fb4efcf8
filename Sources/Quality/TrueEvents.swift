/// Where the classes of one model's outputs truly begin and end, by labels.
public struct TrueEvents: Sendable {
  private typealias Stretch = (start: Int64, end: Int64, labelClass: Int32)
  /// Stretches of one class, in order; touching ones of a class are one.
  private var stretches: [Stretch] = []
  /// The first stretch that may still meet an event.
  private var first = 0
  private let isBinary: Bool

  /// Labels for a model with these outputs. `instant` gives the nanosecond that a frame stands for, for labels by
  /// frame. Throws `badData` for labels that the model does not know.
  public init(
    _ labels: Labels, outputs: [String], instant: (_ frame: Int64) -> Int64
  ) throws(LabelError) {
    isBinary = outputs.count == 1
    let track = try LabelTrack(labels, outputs: outputs)
    let lowest: Int32 = isBinary ? 1 : 0
    for (stretch, labelClass) in zip(labels.stretches, track.classes) where labelClass >= lowest {
      let isByFrame = labels.form == .frames
      let start = isByFrame ? instant(stretch.start) : stretch.start
      let end = isByFrame ? instant(stretch.end) : stretch.end
      if let last = stretches.last, last.end == start, last.labelClass == labelClass {
        stretches[stretches.count - 1].end = end
      } else {
        stretches.append((start, end, labelClass))
      }
    }
  }

  /// The true start of what an event says began at an instant and was known at another one: the nearest of
  /// those stretches of the output's class that lie between both in part; nil where none does. Events of a
  /// lane come in order.
  public mutating func start(ofOutput output: Int, at instant: Int64, known: Int64) -> Int64? {
    edge(ofOutput: output, from: instant, to: known, nearest: instant) { $0.start }
  }

  /// The true end of what began at one instant and ended at another: the nearest of those stretches that lie
  /// between both in part; nil where none does, or where it had not ended when that was known.
  public mutating func end(
    ofOutput output: Int, from start: Int64, to instant: Int64, known: Int64
  ) -> Int64? {
    let end = edge(ofOutput: output, from: start, to: instant, nearest: instant) { $0.end }
    return end.flatMap { $0 <= known ? $0 : nil }
  }

  private mutating func edge(
    ofOutput output: Int, from start: Int64, to end: Int64, nearest instant: Int64,
    _ side: (Stretch) -> Int64
  ) -> Int64? {
    while first < stretches.count, stretches[first].end <= start { first += 1 }
    let labelClass = isBinary ? 1 : Int32(output)
    return stretches[first...].prefix { $0.start < end }.filter { $0.labelClass == labelClass }
      .map(side).min { abs($0 - instant) < abs($1 - instant) }
  }
}
