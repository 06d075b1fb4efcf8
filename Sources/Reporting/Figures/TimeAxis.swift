import Results

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
    let ends = lanes.map(\.end) + [Double(input.received + input.gaps.length) / input.rate]
    scale = .linear(0, ends.max() ?? 0)
    gaps = input.gaps.listed.map { gap in
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

  /// Gaps as shapes over the whole height, one unit wide at least; those that touch then are one.
  func gapShapes(height: Double) -> [String] {
    var shapes: [(start: Double, end: Double)] = []
    for gap in gaps {
      let start = x(gap.start)
      let end = max(start + 1, x(gap.end))
      if let last = shapes.last, start <= last.end {
        shapes[shapes.count - 1].end = max(last.end, end)
      } else {
        shapes.append((start, end))
      }
    }
    return shapes.map { shape in
      "<rect class=\"gap\" x=\"\(HTML.number(shape.start))\" y=\"0\" "
        + "width=\"\(HTML.number(shape.end - shape.start))\" height=\"\(HTML.number(height))\"/>"
    }
  }
}
