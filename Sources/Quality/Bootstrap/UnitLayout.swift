import Results

/// Which unit of the bootstrap a judged frame or an onset belongs to.
struct UnitLayout: Sendable, Equatable {
  let unit: BootstrapUnit
  /// The units' keys, ascending.
  let keys: [UInt64]

  /// The units that hold a judged frame or an onset of any of the meters, so that several lanes
  /// share them.
  init(_ meters: [QualityMeter], runs: [[LabelledRun]]) {
    let recordingCount = meters.map(\.recordings.count).max() ?? 0
    let unit: BootstrapUnit = recordingCount >= BootstrapUnit.fewest ? .recordings : .seconds
    self.unit = unit
    var keys: Set<UInt64> = []
    for meter in meters {
      for (index, recording) in meter.recordings.enumerated() {
        for frame in meter.range(ofRecording: index)
        where meter.classes[frame] != LabelTrack.unlabelled {
          keys.insert(
            UnitLayout.key(unit, recording: recording.index, instant: meter.instants[frame]))
        }
      }
    }
    for run in runs.joined() {
      keys.insert(UnitLayout.key(unit, recording: run.recording, instant: run.onset))
    }
    self.keys = keys.sorted()
  }

  /// The unit of an instant of a recording; one that is in the layout.
  func index(recording: Int, instant: Int64) -> Int {
    let key = UnitLayout.key(unit, recording: recording, instant: instant)
    var low = 0
    var high = keys.count
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The recording above, the second below.
  private static func key(_ unit: BootstrapUnit, recording: Int, instant: Int64) -> UInt64 {
    let second = unit == .recordings ? 0 : UInt64(max(0, instant) / 1_000_000_000)
    return UInt64(recording) << 40 | second
  }
}
