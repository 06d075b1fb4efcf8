import Results

/// Resamples of units with replacement, as weights: how often each unit was drawn.
///
/// The weights follow from the seed and the number of units alone, so that two lanes over the same
/// units see the same resamples. Efron and Tibshirani, "An Introduction to the Bootstrap", ch. 13.
struct Bootstrap: Sendable {
  let unitCount: Int
  let resampleCount: Int
  let seed: UInt64

  /// Whether there are units enough for an interval.
  var isSupported: Bool { unitCount >= BootstrapUnit.fewest && resampleCount > 0 }

  /// Gives each resample's weights, one a unit; does nothing where no interval is supported.
  func forEachResample(_ body: ([UInt32]) -> Void) {
    guard isSupported else { return }
    var generator = SplitMix64(seed: seed)
    var weights = [UInt32](repeating: 0, count: unitCount)
    for _ in 0..<resampleCount {
      for unit in weights.indices { weights[unit] = 0 }
      for _ in 0..<unitCount { weights[generator.index(below: unitCount)] += 1 }
      body(weights)
    }
  }

  /// The 2.5th and 97.5th percentile of a figure's values over the resamples.
  ///
  /// Nil if more than one resample in twenty had no value, for example because it held no frame of a
  /// class: the other resamples alone would be biased.
  func interval<Value: Comparable>(of values: [Value]) -> (low: Value, high: Value)? {
    guard isSupported, values.count * 20 >= resampleCount * 19 else { return nil }
    let values = values.sorted()
    let cut = values.count / 40
    return (values[cut], values[values.count - 1 - cut])
  }
}

/// Which unit of the bootstrap a judged frame or an onset belongs to.
struct UnitLayout: Sendable, Equatable {
  let unit: BootstrapUnit
  /// The units' keys, ascending.
  let keys: [UInt64]

  /// The weights that count each unit once.
  var once: [UInt32] { [UInt32](repeating: 1, count: keys.count) }

  /// The units that hold a judged frame or an onset of any of the meters, so that several lanes
  /// share them.
  init(_ meters: [QualityMeter], stretches: [[ClassStretch]]) {
    let recordingCount = meters.map(\.recordings.count).max() ?? 0
    let unit: BootstrapUnit = recordingCount >= BootstrapUnit.fewest ? .recordings : .seconds
    self.unit = unit
    var keys: Set<UInt64> = []
    for meter in meters {
      for index in meter.recordings.indices {
        for frame in meter.range(ofRecording: index)
        where meter.classes[frame] != LabelTrack.unlabelled {
          keys.insert(
            UnitLayout.key(unit, recording: index, instant: meter.instants[frame]))
        }
      }
    }
    for stretch in stretches.joined() {
      keys.insert(UnitLayout.key(unit, recording: stretch.recording, instant: stretch.onset))
    }
    self.keys = keys.sorted()
  }

  /// The unit of an instant of a recording; one that is in the layout.
  func index(recording: Int, instant: Int64) -> Int {
    let key = UnitLayout.key(unit, recording: recording, instant: instant)
    return keys.indices.lowest { keys[$0] >= key }
  }

  /// The recording in the high bits, the second in the low ones.
  private static func key(_ unit: BootstrapUnit, recording: Int, instant: Int64) -> UInt64 {
    let second = unit == .recordings ? 0 : UInt64(max(0, instant) / 1_000_000_000)
    return UInt64(recording) << 40 | second
  }
}

/// The generator of Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
///
/// Written here so that a seed gives the same resamples with every version of the standard library.
package struct SplitMix64: Sendable {
  private var state: UInt64

  package init(seed: UInt64) {
    state = seed
  }

  /// 64 bits, every value equally likely.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// An index in 0..<count; its bias is below count / 2^64.
  mutating func index(below count: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }
}
