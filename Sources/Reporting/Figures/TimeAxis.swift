import LatencyLog

/// The one time axis of a run: seconds of the input, by sample position, with what the input lost.
struct TimeAxis {
  /// A stretch of lost samples, in seconds.
  struct Gap {
    var start: Double
    var end: Double
  }

  let scale: Scale
  let gaps: [Gap]

  private static let steps: [Double] = [
    60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400,
  ]

  init(_ input: InputSummary, lanes: [LaneRecording]) {
    let lost = input.gaps.reduce(0) { $0 + $1.length }
    let ends = lanes.map(\.end) + [Double(input.received + lost) / input.rate]
    scale = .linear(0, ends.max() ?? 0)
    gaps = input.gaps.map { gap in
      Gap(
        start: Double(gap.position) / input.rate,
        end: Double(gap.position + gap.length) / input.rate)
    }
  }

  /// Units of a plot at an instant.
  func x(_ seconds: Double) -> Double { scale.share(seconds) * Plot.width }

  var ticks: [Plot.Tick] {
    let isLong = scale.high > 180
    var times = scale.ticks(7)
    if isLong {
      let step = Self.steps.first { scale.high / $0 <= 9 } ?? scale.high
      times = Array(stride(from: 0, through: scale.high, by: step))
    }
    return times.map {
      Plot.Tick(share: scale.share($0), text: AxisText.time($0, inMinutes: isLong))
    }
  }

  /// Gaps as shapes over the whole height.
  func gapShapes(height: Double) -> [String] {
    gaps.map { gap in
      let width = max(1, x(gap.end) - x(gap.start))
      return "<rect class=\"gap\" x=\"\(HTML.number(x(gap.start)))\" y=\"0\" "
        + "width=\"\(HTML.number(width))\" height=\"\(HTML.number(height))\"/>"
    }
  }
}
