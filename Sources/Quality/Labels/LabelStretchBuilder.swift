import PlainText

/// Turns the rows of a label file into stretches, and refuses rows that are out of order.
struct LabelStretchBuilder {
  let form: LabelForm
  let hasLabels: Bool
  /// Whether intervals of one label that overlap are one.
  let merges: Bool
  private var stretches: [LabelStretch] = []
  /// The row of `LabelForm.times` whose end is the next row's time.
  private var open: (start: Int64, label: String?, line: Int)?

  init(form: LabelForm, hasLabels: Bool, merges: Bool = false) {
    self.form = form
    self.hasLabels = hasLabels
    self.merges = merges
  }

  mutating func append(_ row: LabelRow) throws(FileDefect) {
    switch form {
    case .intervals: try appendInterval(row)
    case .times: try appendTime(row)
    case .frames: try appendFrame(row)
    }
  }

  /// The stretches, once all rows are in.
  consuming func finish() throws(FileDefect) -> [LabelStretch] {
    guard let open else {
      if form != .intervals && stretches.isEmpty {
        throw FileDefect("is the last one, expected rows with labels")
      }
      return stretches
    }
    guard let last = stretches.last else {
      throw FileDefect("is the only row, expected two at least, so that a row has a length")
    }
    let end = open.start + (last.end - last.start)
    return stretches + [
      LabelStretch(start: open.start, end: end, label: open.label, line: open.line)
    ]
  }

  private mutating func appendInterval(_ row: LabelRow) throws(FileDefect) {
    let (startTime, endTime) = (try row.seconds("start"), try row.seconds("end"))
    let (start, end) = (Int64(seconds: startTime), Int64(seconds: endTime))
    guard end > start else {
      throw FileDefect("end is \(endTime), expected more than start, \(startTime)")
    }
    if merges, let last = stretches.last, (last.start..<last.end).contains(start),
      row.label == last.label
    {
      stretches[stretches.count - 1] = LabelStretch(
        start: last.start, end: max(last.end, end), label: last.label, line: last.line)
      return
    }
    if let last = stretches.last, start < last.end {
      let known = Double(start < last.start ? last.start : last.end) / 1e9
      throw FileDefect(
        start < last.start
          ? "start is \(startTime) and goes back, expected at least \(known), as in line \(last.line)"
          : "start is \(startTime) and overlaps line \(last.line), expected at least its end, \(known)"
      )
    }
    guard !hasLabels || row.label != nil else {
      throw FileDefect("label is \(row.shownLabel), expected the interval's label")
    }
    stretches.append(
      LabelStretch(
        start: start, end: end, label: row.label, utterance: row.utterance, line: row.line))
  }

  private mutating func appendTime(_ row: LabelRow) throws(FileDefect) {
    let time = try row.seconds("time")
    let start = Int64(seconds: time)
    if let open {
      guard start > open.start else {
        throw FileDefect(
          "time is \(time), expected more than \(Double(open.start) / 1e9), as in line \(open.line)"
        )
      }
      stretches.append(
        LabelStretch(start: open.start, end: start, label: open.label, line: open.line))
    }
    open = (start, row.label, row.line)
  }

  private mutating func appendFrame(_ row: LabelRow) throws(FileDefect) {
    let frame = try row.frame()
    if let last = stretches.last, frame < last.end {
      throw FileDefect(
        "frame is \(frame), expected more than \(last.start), as in line \(last.line)")
    }
    stretches.append(
      LabelStretch(start: frame, end: frame + 1, label: row.label, line: row.line))
  }
}
