import Results

/// One lane's counts by unit and its sorted scores, which make a resample cheap.
struct QualityTally: Sendable {
  let kind: QualityKind
  let classCount: Int
  /// `[units, classes]`; a model of one output has the classes 0 and 1.
  private let counts: [ClassCounts]
  /// One a class; one for a model of one output.
  private let scores: [RankedScores]
  /// All onsets, then those of each class of a multi-class model.
  let delays: [DelayTally]

  init(_ meter: QualityMeter, stretches: [ClassStretch], layout: UnitLayout) {
    kind = meter.kind
    let outputCount = meter.outputs.count
    let classCount = max(2, outputCount)
    self.classCount = classCount
    var counts = [ClassCounts](repeating: ClassCounts(), count: layout.keys.count * classCount)
    var judged: [(frame: Int, unit: Int)] = []
    for recording in meter.recordings.indices {
      for frame in meter.range(ofRecording: recording)
      where meter.classes[frame] != LabelTrack.unlabelled {
        let unit = layout.index(recording: recording, instant: meter.instants[frame])
        let (label, answer) = (Int(meter.classes[frame]), Int(meter.predictions[frame]))
        counts[unit * classCount + label].labelled += 1
        counts[unit * classCount + answer].predicted += 1
        if label == answer { counts[unit * classCount + label].hits += 1 }
        judged.append((frame, unit))
      }
    }
    self.counts = counts
    scores = (0..<outputCount).map { output in
      let positive = Int32(meter.kind == .binary ? 1 : output)
      return RankedScores(
        judged.map {
          (
            meter.scores[$0.frame * outputCount + output], meter.classes[$0.frame] == positive,
            $0.unit
          )
        })
    }
    let onsets = stretches.map { stretch in
      (
        labelClass: Int(stretch.labelClass), delay: meter.detectionDelay(of: stretch),
        unit: layout.index(recording: stretch.recording, instant: stretch.onset)
      )
    }
    let ofClasses = (0..<(meter.kind == .binary ? 0 : classCount)).map { labelClass in
      DelayTally(onsets.filter { $0.labelClass == labelClass }.map { ($0.delay, $0.unit) })
    }
    delays = [DelayTally(onsets.map { ($0.delay, $0.unit) })] + ofClasses
  }

  /// The counts of each class, with each unit counted so often.
  func totals(weights: [UInt32]) -> [ClassCounts] {
    var totals = [ClassCounts](repeating: ClassCounts(), count: classCount)
    for (unit, weight) in weights.enumerated() where weight > 0 {
      for index in 0..<classCount {
        totals[index].add(counts[unit * classCount + index], times: Int(weight))
      }
    }
    return totals
  }

  /// All figures, with each unit counted so often. Allocates a little.
  func figures(weights: [UInt32]) -> QualityFigures {
    let totals = totals(weights: weights)
    let frames = totals.reduce(0) { $0 + $1.labelled }
    let hits = totals.reduce(0) { $0 + $1.hits }
    let classAUC = scores.map { $0.auc(weights: weights) }
    let classF1 = kind == .binary ? [totals[1].f1] : totals.map(\.f1)
    return QualityFigures(
      auc: QualityTally.mean(classAUC), accuracy: frames > 0 ? Double(hits) / Double(frames) : nil,
      f1: QualityTally.mean(classF1), classAUC: classAUC, classF1: classF1,
      delays: delays.map { $0.percentiles(weights: weights) })
  }

  private static func mean(_ values: [Double?]) -> Double? {
    let known = values.compactMap { $0 }
    return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
  }
}

/// How many frames have a class as their label, as the model's answer, and as both.
struct ClassCounts: Sendable, Equatable {
  /// Frames that have the label.
  var labelled = 0
  /// Frames for which the model answered it.
  var predicted = 0
  /// Frames of both.
  var hits = 0

  /// 2 TP / (2 TP + FP + FN); nil for a class that is neither labelled nor answered.
  var f1: Double? {
    labelled + predicted == 0 ? nil : Double(2 * hits) / Double(labelled + predicted)
  }

  /// Adds counts so often.
  mutating func add(_ other: ClassCounts, times weight: Int) {
    labelled += other.labelled * weight
    predicted += other.predicted * weight
    hits += other.hits * weight
  }
}

/// The figures of one lane over one resample.
struct QualityFigures: Sendable {
  var auc: Double?
  var accuracy: Double?
  var f1: Double?
  /// One against the rest, one a class; for a model of one output its only class.
  var classAUC: [Double?]
  var classF1: [Double?]
  /// Nanoseconds; `DelayTally.missed` where the rank falls on an onset that was missed.
  var delays: [(p50: Int64?, p90: Int64?)]
}

/// Detection delays of one class (or of all), sorted once.
struct DelayTally: Sendable {
  /// The delay of an onset that was missed: later than any other.
  static let missed = Int64.max

  /// By rising delay, misses last.
  private let onsets: [(delay: Int64, unit: Int)]
  /// In order of the onsets; nil for a miss.
  let inOrder: [Int64?]

  init(_ onsets: [(delay: Int64?, unit: Int)]) {
    inOrder = onsets.map(\.delay)
    self.onsets = onsets.map { ($0.delay ?? DelayTally.missed, $0.unit) }
      .sorted { $0.delay < $1.delay }
  }

  /// Percentiles with each unit counted so often, as far as the number of onsets supports them.
  func percentiles(weights: [UInt32]) -> (p50: Int64?, p90: Int64?) {
    guard onsets.count >= DetectionDelay.onsetsForP50 else { return (nil, nil) }
    let total = onsets.reduce(0) { $0 + Int(weights[$1.unit]) }
    return (
      p50: value(rank: (total + 1) / 2, weights),
      p90: onsets.count >= DetectionDelay.onsetsForP90
        ? value(rank: (total * 9 + 9) / 10, weights) : nil
    )
  }

  /// The nearest-rank value; nil in a resample without an onset.
  private func value(rank: Int, _ weights: [UInt32]) -> Int64? {
    var seen = 0
    for onset in onsets where weights[onset.unit] > 0 {
      seen += Int(weights[onset.unit])
      if seen >= rank { return onset.delay }
    }
    return nil
  }
}

/// Scores of one class, sorted once, so that the AUC of any resample is one pass over them.
///
/// The area under the ROC curve is the share of (positive, negative) pairs in which the positive
/// scores higher, ties counting half (Mann and Whitney); integers until the last division, hence exact.
struct RankedScores: Sendable {
  /// By rising score: unit << 2 | positive << 1 | the last of its tie.
  private let entries: [UInt32]

  /// - Parameter frames: score, whether the label says positive, and unit of each frame.
  init(_ frames: [(score: Float, isPositive: Bool, unit: Int)]) {
    let sorted = frames.sorted { $0.score < $1.score }
    entries = sorted.indices.map { index in
      let frame = sorted[index]
      let isLast = index + 1 == sorted.count || sorted[index + 1].score != frame.score
      return UInt32(frame.unit) << 2 | (frame.isPositive ? 2 : 0) | (isLast ? 1 : 0)
    }
  }

  /// The AUC with each unit counted so often; nil where one class is missing. Never allocates.
  func auc(weights: [UInt32]) -> Double? {
    // Wrapping is out of reach: twice the product of two counts stays below 2^63 up to 2^31 frames.
    var doubledWins: UInt64 = 0
    var positives: UInt64 = 0
    var negatives: UInt64 = 0
    var tied: (positives: UInt64, negatives: UInt64) = (0, 0)
    for entry in entries {
      let weight = UInt64(weights[Int(entry >> 2)])
      // No branch on the label: it would be mispredicted at every other frame.
      let positive = weight &* UInt64(entry >> 1 & 1)
      tied.positives &+= positive
      tied.negatives &+= weight &- positive
      if entry & 1 != 0 {
        doubledWins &+= tied.positives &* (2 &* negatives &+ tied.negatives)
        positives &+= tied.positives
        negatives &+= tied.negatives
        tied = (0, 0)
      }
    }
    guard positives > 0, negatives > 0 else { return nil }
    return Double(doubledWins) / (2 * Double(positives) * Double(negatives))
  }
}
