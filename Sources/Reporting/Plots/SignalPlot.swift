import Results

/// What went in, and what each lane said of it, on one time axis.
struct SignalPlot {
  private let recording: RunRecording
  private let truth: [(output: String, seconds: Range<Double>)]
  private let axis: TimeAxis
  private let names: [String]
  /// Names of outputs that any lane has, in order.
  private let outputs: [String]
  private let outputScale: Scale
  /// Nil where no lane gives tokens.
  private let strip: TokenStrip?

  /// Rows of outputs that are drawn.
  private static let rowLimit = 12

  init(
    _ recording: RunRecording, truth: [(output: String, seconds: Range<Double>)],
    tokens: [(output: String, seconds: Range<Double>)], summary: RunSummary
  ) {
    self.recording = recording
    self.truth = truth
    axis = TimeAxis(summary.input, lanes: recording.lanes)
    names = summary.lanes.map(\.name)
    strip = TokenStrip(
      recording.lanes, names: names, truth: tokens, from: axis.scale.low)
    outputs = recording.outputNames
    var range = ValueRange()
    for lane in recording.lanes {
      for channel in lane.outputNames.indices {
        range.merge(lane.outputs.whole(channel))
      }
    }
    let isShare = range.range.map { $0.lowerBound >= 0 && $0.upperBound <= 1 } ?? true
    outputScale = isShare ? .linear(0, 1) : .linear(Double(range.low), Double(range.high))
  }

  var figure: PageFigure {
    let isOverlaid =
      outputs.count == 1 && recording.signal.channels == 1 && strip == nil
    // Up to two lanes are told apart on one plot; of more, one would hide another.
    let isTogether = names.count <= 2
    let overlays =
      !isOverlaid
      ? []
      : isTogether
        ? [overlay(of: Array(names.indices))]
        : names.indices.map { overlay(of: [$0]) }
    let plots = isOverlaid ? overlays : channelRows + outputRows
    return PageFigure(
      name: "signal", title: "The signal, and what the lanes said of it",
      caption: caption(isOverlaid: isOverlaid),
      body: isOverlaid && !isTogether
        ? zip(names.indices, plots).map { index, plot in
          "<div class=\"lane-title\">\(LaneColour.label(names[index], lane: index))</div>"
            + plot.html
        }.joined()
        : LaneColour.legend(names)
          + "<div\(isTogether ? "" : " class=\"many\"")>\(plots.map(\.html).joined())</div>"
          + (strip?.html ?? ""))
  }

  private func caption(isOverlaid: Bool) -> String {
    let shown = min(outputs.count, Self.rowLimit)
    var text =
      isOverlaid
      ? "Grey: the signal's waveform. Lines: output <i>\(HTML.escaped(outputs[0]))</i> of each lane, "
        + "by the scale at the left."
      : "Above, grey: the input, a row a channel, each on a scale of its own."
        + (outputs.isEmpty
          ? ""
          : " Below: a row an "
            + "output, from \(AxisText.plain(outputScale.low)) to \(AxisText.plain(outputScale.high)); "
            + "a lane's answer is the row where its line is highest.")
    if axis.scale.low != 0 {
      text += " Time counts from the first sample, at \(axis.scale.low) s of the stamps' clock."
    }
    if outputs.count > shown {
      text += " The first \(shown) of \(outputs.count) outputs are drawn."
    }
    if recording.channels > recording.signal.channels {
      text += " The first \(recording.signal.channels) of \(recording.channels) channels are drawn."
    }
    if let strip { text += " " + strip.caption }
    if !outputs.isEmpty {
      text += " An output stands where its frame's last sample is, whenever it came."
    }
    if !truth.isEmpty { text += " Shaded: where the labels say that it is so." }
    if !axis.gaps.isEmpty { text += " Hatched: samples that the input lost." }
    return text
  }

  /// The signal, and over it the one output of some lanes: of all of them, or of one among several plots.
  private func overlay(of lanes: [Int]) -> Plot {
    let range = signalRange(0)
    let peak = 1.1 * max(abs(range.lowerBound), abs(range.upperBound))
    let height = lanes.count == names.count ? 220.0 : 52
    let wave = wave(channel: 0, height: height, scale: .linear(-peak, peak))
    var plot = plot(of: 0, lanes: lanes, height: height, over: wave)
    let shown = lanes.map { names[$0] }.joined(separator: ", ")
    plot.label = "Waveform of the input with output \(outputs[0]) of \(shown) over it"
    plot.group = "signal"
    plot.yTicks = outputScale.ticks(height > 100 ? 4 : 1, AxisText.plain)
    if lanes.contains(0) {
      plot.yTitle = "output \(outputs[0])"
      plot.readout?.series.append(signalSeries(0, name: "signal"))
    }
    if lanes.contains(names.count - 1) {
      plot.xTicks = axis.ticks
      plot.xTitle = "time"
    }
    return plot
  }

  private var channelRows: [Plot] {
    (0..<recording.signal.channels).map { channel in
      let range = signalRange(channel)
      let name = "channel \(channel + 1)"
      var plot = Plot(
        height: 34, label: "\(name) of the input", axis: "time", rowTitle: "ch \(channel + 1)")
      plot.add(
        wave(
          channel: channel, height: 34, scale: .linear(range.lowerBound, range.upperBound)),
        "wave")
      plot.shapes += axis.gapShapes(height: 34)
      plot.readout = (axis.scale, "s", [signalSeries(channel, name: name)])
      if outputs.isEmpty, channel == recording.signal.channels - 1 {
        plot.xTicks = axis.ticks
        plot.xTitle = "time"
      }
      return plot
    }
  }

  private var outputRows: [Plot] {
    let rows = min(outputs.count, Self.rowLimit)
    return (0..<rows).map { row in
      var plot = plot(
        of: row, lanes: Array(names.indices),
        height: rows == 1 ? 140 : names.count > 2 ? 44 : 34)
      plot.label = "Output \(outputs[row]) of \(names.joined(separator: ", "))"
      plot.rowTitle = outputs[row]
      if row == rows - 1 {
        plot.xTicks = axis.ticks
        plot.xTitle = "time"
      }
      return plot
    }
  }

  /// One output of those lanes that have it, over the signal where that is given.
  private func plot(
    of output: Int, lanes: [Int], height: Double, over signal: SVGPath? = nil
  ) -> Plot {
    var plot = Plot(height: height, label: "", axis: "time")
    if let signal { plot.add(signal, "wave") }
    plot.add(shade(outputs[output], height: height), "truth")
    var series: [PlotSeries] = []
    for index in lanes {
      let lane = recording.lanes[index]
      guard let channel = lane.outputNames.firstIndex(of: outputs[output]) else { continue }
      let band = SVGPath.band(
        lane.outputs.channel(channel).map(\.range),
        x: { axis.x(lane.time(of: $0, in: lane.outputs)) }, y: { y($0, height) })
      plot.add(band, "band output \(LaneColour.name(index))")
      series.append(
        lane.readout(names[index], lane: index, unit: .plain, of: lane.outputs, channel: channel))
    }
    plot.shapes += axis.gapShapes(height: height)
    plot.readout = (axis.scale, "s", series)
    return plot
  }

  /// Where an output should be high.
  private func shade(_ output: String, height: Double) -> SVGPath {
    var path = SVGPath()
    var open: (start: Double, end: Double)?
    func close() {
      guard let open else { return }
      path.rectangle(open.start, 0, width: max(0.5, open.end - open.start), height: height)
    }
    for stretch in truth where stretch.output == output {
      let (start, end) = (axis.x(stretch.seconds.lowerBound), axis.x(stretch.seconds.upperBound))
      if let last = open, start - last.end < 0.25 {
        open?.end = end
      } else {
        close()
        open = (start, end)
      }
    }
    close()
    return path
  }

  private func y(_ value: Double, _ height: Double) -> Double {
    let margin = 3.0
    return margin + (1 - outputScale.share(value)) * (height - 2 * margin)
  }

  private func signalRange(_ channel: Int) -> ClosedRange<Double> {
    recording.signal.whole(channel).range ?? 0...0
  }

  private func wave(channel: Int, height: Double, scale: Scale) -> SVGPath {
    SVGPath.band(
      recording.signal.channel(channel).map(\.range),
      x: { axis.x(axis.seconds(recording.signal.middle(of: $0))) }, y: { scale.y($0, in: height) })
  }

  private func signalSeries(_ channel: Int, name: String) -> PlotSeries {
    PlotSeries(
      name: name, lane: nil, unit: .plain, start: axis.seconds(recording.signal.middle(of: 0)),
      step: axis.seconds(Double(recording.signal.width)) - axis.scale.low,
      ranges: recording.signal.channel(channel).map(\.range))
  }
}
