extension QualityMeter {
  /// The stretches with an onset: of the positive class, or of every class of a multi-class model.
  ///
  /// Touching stretches of one class are one. Those that begin after the last frame are left out:
  /// the model never saw them.
  func classStretches() -> [ClassStretch] {
    recordings.indices.flatMap { stretches(ofRecording: $0) }
  }

  private func stretches(ofRecording index: Int) -> [ClassStretch] {
    let range = range(ofRecording: index)
    guard let last = range.last else { return [] }
    let track = recordings[index].track
    let isByFrame = track.labels.form == .frames
    let end = isByFrame ? Int64(clamping: frames[last]) : instants[last]
    var stretches: [(start: Int64, end: Int64, labelClass: Int32)] = []
    for (labelled, labelClass) in zip(track.labels.stretches, track.classes)
    where labelClass >= (kind == .binary ? 1 : 0) && labelled.start <= end {
      if let before = stretches.last, before.end == labelled.start, before.labelClass == labelClass
      {
        stretches[stretches.count - 1].end = labelled.end
      } else {
        stretches.append((labelled.start, labelled.end, labelClass))
      }
    }
    return stretches.map { stretch in
      let from = firstFrame(in: range, from: stretch.start, isByFrame: isByFrame)
      let to = firstFrame(in: range, from: stretch.end, isByFrame: isByFrame)
      var bounds = (onset: stretch.start, end: stretch.end)
      if isByFrame {
        // `from` exists, as the stretch begins no later than the last frame; the onset may lie in
        // frames that were dropped before it.
        let period = Int64(seconds: options.framePeriod)
        let skipped = Int64(clamping: frames[from]) - stretch.start
        bounds.onset = instants[from] - skipped * period
        bounds.end = bounds.onset + (stretch.end - stretch.start) * period
      }
      return ClassStretch(
        recording: index, labelClass: stretch.labelClass, onset: bounds.onset, end: bounds.end,
        frames: from..<to)
    }
  }

  /// The first of a recording's frames at or after an instant (or a frame index).
  private func firstFrame(in range: Range<Int>, from start: Int64, isByFrame: Bool) -> Int {
    range.lowest { (isByFrame ? Int64(clamping: frames[$0]) : instants[$0]) >= start }
  }

  /// From the onset to the earliest instant of the first output that says so; nil for a miss.
  func detectionDelay(of stretch: ClassStretch) -> Int64? {
    stretch.frames.first { predictions[$0] == stretch.labelClass }.map {
      readyInstants[$0] - stretch.onset
    }
  }
}

/// A stretch of one class that a model should find, from its onset on.
struct ClassStretch: Sendable, Equatable {
  let recording: Int
  let labelClass: Int32
  /// Nanoseconds since the recording's stream began.
  let onset: Int64
  /// The first instant after it.
  let end: Int64
  /// The meter's frames inside it, by index; may be empty.
  let frames: Range<Int>
}

extension Range<Int> {
  /// The lowest index for which this is true, or the upper bound; true for all above it. Bisects.
  func lowest(where isTrue: (Int) -> Bool) -> Int {
    var (low, high) = (lowerBound, upperBound)
    while low < high {
      let middle = (low + high) / 2
      if isTrue(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
