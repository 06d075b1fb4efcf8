import Results

/// One lane's counts by unit and its sorted scores: what makes a resample cheap.
struct QualityTally: Sendable {
  let kind: QualityKind
  let classCount: Int
  /// `[units, classes]`; a model of one output has the classes 0 and 1.
  private let counts: [ClassCounts]
  /// One a class; one for a model of one output.
  private let scores: [RankedScores]
  /// All onsets, then those of each class of a multi-class model.
  let delays: [DelayTally]

  init(_ meter: QualityMeter, runs: [LabelledRun], layout: UnitLayout) {
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
    let onsets = runs.map { run in
      (
        labelClass: Int(run.labelClass), delay: meter.detectionDelay(of: run),
        unit: layout.index(recording: run.recording, instant: run.onset)
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
