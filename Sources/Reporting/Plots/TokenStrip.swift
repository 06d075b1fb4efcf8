import PlainText

/// The tokens of lanes over time, below those that labels say were spoken: a strip that is as long as its text
/// needs and scrolls.
struct TokenStrip {
  /// Pixels a second, so that phonemes of quick speech do not lie on each other.
  private static let scale = 240.0

  private let lanes: [(name: String, index: Int, recording: LaneRecording, tokens: [RecordedToken])]
  private let truth: [(output: String, seconds: Range<Double>)]
  /// Seconds at its left end and at its right end.
  private let span: Range<Double>
  private let isCut: Bool

  /// Nil where no lane gives tokens. `truth` is what labels say, in order.
  init?(
    _ lanes: [LaneRecording], names: [String],
    truth: [(output: String, seconds: Range<Double>)], from start: Double
  ) {
    self.lanes = lanes.indices.compactMap { index in
      lanes[index].tokens.map { (names[index], index, lanes[index], $0) }
    }
    guard !self.lanes.isEmpty else { return nil }
    self.truth = Array(truth.prefix(RecordedToken.limit))
    let ends =
      self.lanes.compactMap { $0.tokens.last?.time }
      + [self.truth.last?.seconds.upperBound].compactMap { $0 }
    span = start..<max(start + 1, (ends.max() ?? start) + 0.5)
    isCut =
      truth.count > RecordedToken.limit
      || lanes.contains { $0.tokenCount > RecordedToken.limit }
  }

  /// How to read it.
  var caption: String {
    "Below, scrolling: tokens over time, each where the stretch begins that its frame stands for"
      + (truth.isEmpty ? "" : "; above them, boxed, those of the labels")
      + ". Point at one for its times."
      + (isCut ? " The first \(NumberText.count(RecordedToken.limit)) of each are shown." : "")
  }

  var html: String {
    let rows =
      (truth.isEmpty ? [] : [row("labels", "neutral spoken", truth.map(spoken))])
      + lanes.map { lane in
        row(
          lane.name, LaneColour.name(lane.index),
          lane.tokens.map { given($0, named: lane.recording.name(of: $0)) })
      }
    let seconds = Int((span.upperBound - span.lowerBound).rounded(.up))
    let ticks = (0...seconds).map { second in
      "<span style=\"left:\(HTML.number(Double(second) * Self.scale))px\">\(second) s</span>"
    }
    return """
      <div class="scroll tokens" tabindex="0" role="region" aria-label="Tokens over time">
      <div style="width:\(Int(Double(seconds) * Self.scale))px">
      \(rows.joined())<div class="seconds" aria-hidden="true">\(ticks.joined())</div>
      </div></div>

      """
  }

  private func row(_ name: String, _ classes: String, _ tokens: [String]) -> String {
    """
    <div class="row \(classes)"><b>\(HTML.escaped(name))</b>
    <p>\(tokens.joined(separator: "\n"))</p></div>

    """
  }

  private func spoken(_ token: (output: String, seconds: Range<Double>)) -> String {
    let (start, end) = (token.seconds.lowerBound, token.seconds.upperBound)
    return mark(
      token.output, from: start,
      style: ";width:\(HTML.number((end - start) * Self.scale))px",
      title: "\(token.output), \(Self.text(start)) to \(Self.text(end)) s")
  }

  private func given(_ token: RecordedToken, named label: String) -> String {
    mark(
      label, from: token.begins, style: "",
      title:
        "\(label), frame from \(Self.text(token.begins)) to \(Self.text(token.time)) s, known at "
        + "\(Self.text(token.emitted)) s at the earliest")
  }

  private func mark(_ text: String, from start: Double, style: String, title: String) -> String {
    let left = HTML.number((start - span.lowerBound) * Self.scale)
    return "<span style=\"left:\(left)px\(style)\" title=\"\(HTML.escaped(title))\">"
      + "\(HTML.escaped(text))</span>"
  }

  /// Milliseconds are enough.
  private static func text(_ seconds: Double) -> String {
    let text = "\((seconds * 1_000).rounded() / 1_000)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
