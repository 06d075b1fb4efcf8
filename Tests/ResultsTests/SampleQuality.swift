import Results

/// A binary lane over 60 seconds with three onsets, one of them missed.
func sampleQuality() -> QualitySummary {
  QualitySummary(
    kind: .binary, frames: 5_990, unlabelledFrames: 10, notANumber: 1, unit: .seconds, units: 60,
    auc: Estimate(value: 0.9641, low: 0.95, high: 0.9753), accuracy: Estimate(value: 0.9),
    f1: nil, majorityBaseline: 0.625,
    detectionDelay: DetectionDelay(count: 3, missed: 1, delays: [120_000_000, nil, 80_000_000]),
    falseAlarms: FalseAlarms(
      count: 2, hours: 0.5, perHour: Estimate(value: 4, low: 0.5, high: 14.5), rule: AlarmRule()),
    threshold: 0.1, classes: [])
}
