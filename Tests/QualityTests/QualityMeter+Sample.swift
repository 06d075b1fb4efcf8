@testable import Quality

extension QualityMeter {
  /// Adds frames one after the other, `[frames, outputs]`, as a front end of windows as long as the hop
  /// gives them.
  mutating func add(_ rows: [[Float]], from frame: UInt64 = 0) {
    for (index, row) in rows.enumerated() {
      let frame = frame + UInt64(index)
      add(frame: frame, time: Double(frame + 1) * options.framePeriod, output: row.span)
    }
  }

  /// A meter of one output, named `present`, over one recording.
  static func binary(
    _ scores: [Float], labels: Labels, options: QualityOptions
  ) throws -> QualityMeter {
    var meter = try QualityMeter(outputs: ["present"], labels: labels, options: options)
    meter.add(scores.map { [$0] })
    return meter
  }
}

extension Labels {
  /// Labels from text.
  init(_ text: String) throws {
    try self.init(bytes: Array(text.utf8), path: "labels.csv")
  }

  /// A row a frame, from frame 0 on.
  init(frames labels: [String?]) {
    self.init(
      form: .frames,
      stretches: labels.enumerated().map {
        LabelStretch(start: Int64($0), end: Int64($0) + 1, label: $1, line: $0 + 2)
      })
  }
}

/// The uniform numbers that the golden figures' Python lines use.
struct Uniform {
  private var state: UInt64 = 1

  mutating func next() -> Double {
    state = (1_103_515_245 * state + 12345) % (1 << 31)
    return Double(state) / Double(1 << 31)
  }
}

extension Labels {
  /// The stretch that labels a frame, or nil where there is none: its own by index, otherwise the one
  /// that holds the instant `time - frameOffset`, in seconds.
  func stretch(frame: UInt64, time: Double, frameOffset: Double) -> LabelStretch? {
    index(of: form == .frames ? Int64(clamping: frame) : Int64(seconds: time - frameOffset))
      .map { stretches[$0] }
  }
}
