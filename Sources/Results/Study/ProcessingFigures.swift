import PlainText

/// How long a recorded stream takes, by its length, in every way that a family offers.
public struct ProcessingFigures: Sendable, Equatable {
  public enum Way: String, Sendable, CaseIterable {
    case steps = "LSTM, step by step"
    case hoisted = "LSTM, input products first"
    case hoistedByTwo = "LSTM, input products first, 2 threads"
    case whole = "Transformer, all at once"
    case streamed = "Transformer, streamed with its cache"
    case streamedByTwo = "Transformer, streamed, 2 threads"
    case recomputed = "Transformer, streamed without a cache"
  }

  /// The time of all frames in nanoseconds, by their number.
  public var times: [Way: [StudyChart.Point]]
  /// Frames that the streamed Transformer sees.
  public var window: Int

  public init(times: [Way: [StudyChart.Point]], window: Int) {
    self.times = times
    self.window = window
  }

  public var row: StudyRow {
    StudyRow(
      .processing,
      method: "Untrained models of the recognisers' base size over recorded frames, all ways in "
        + "turn, "
        + "medians with 96 % intervals; \"all at once\" is attention over everything before, in "
        + "blocks of 1,024 frames; "
        + "the streamed Transformer sees \(window) frames, frame by frame. What would take "
        + "longer than "
        + "some seconds was left out.",
      findings: [parallel, hoisting, cache, threads(.hoisted, .hoistedByTwo, "LSTM"), streams],
      charts: [chart])
  }

  private var chart: StudyChart {
    StudyChart(
      "processing-time", title: "Time a frame over the length of the recording",
      caption: "All frames of a recorded stream, over their number. Level: the same cost for "
        + "every frame, "
        + "however long the stream. Rising: each frame looks at all before it.",
      x: StudyChart.Axis("frames of the recording, logarithmic", isLogarithmic: true),
      y: StudyChart.Axis("time a frame, logarithmic", .nanoseconds, isLogarithmic: true),
      series: Way.allCases.compactMap { way in
        times[way].map { points in
          StudyChart.Series(
            way.rawValue,
            points.map { point in
              StudyChart.Point(point.x, point.y.map { $0 / point.x })
            })
        }
      })
  }

  private func time(_ way: Way, _ frames: Double) -> Estimate? {
    times[way]?.first { $0.x == frames }?.y
  }

  /// The longest stream that both ways took.
  private func longest(_ one: Way, _ other: Way) -> Double? {
    (times[one] ?? []).map(\.x).filter { time(other, $0) != nil }.max()
  }

  private var parallel: StudyFinding {
    let lengths = (times[.steps] ?? []).map(\.x).filter { time(.whole, $0) != nil }
    func lengthsWhere(_ wanted: Contrast) -> [Double] {
      lengths.filter { Contrast(time(.whole, $0), to: time(.steps, $0)) == wanted }
    }
    let (sooner, later) = (lengthsWhere(.less), lengthsWhere(.more))
    func ratio(_ frames: Double) -> String {
      StudyText.ratio(time(.whole, frames), to: time(.steps, frames))
    }
    switch (sooner.last, later.first) {
    case (nil, nil):
      return StudyFinding(
        "parallel", .undecided,
        "Intervals do not tell the Transformer all at once from the LSTM step by step at any "
          + "length.")
    case (let last?, nil):
      return StudyFinding(
        "parallel", .holds,
        "A Transformer took a recording all at once in less time than the LSTM step by step, at "
          + "\(StudyText.count(last)) frames in \(ratio(last)) of its time.")
    case (nil, let first?):
      return StudyFinding(
        "parallel", .fails,
        "The LSTM step by step took less time than the Transformer all at once from "
          + "\(StudyText.count(first)) frames on, where that took \(ratio(first)) times as long.")
    case (let last?, let first?):
      return StudyFinding(
        "parallel", first > last ? .fails : .holds,
        "The Transformer all at once took \(ratio(last)) of the LSTM's time at "
          + "\(StudyText.count(last)) frames and \(ratio(first)) times its time at "
          + "\(StudyText.count(first)): between them the lines cross, because each frame looks "
          + "at all "
          + "before it.")
    }
  }

  private var hoisting: StudyFinding {
    guard let frames = longest(.steps, .hoisted) else { return .unmeasured("hoisting") }
    let (all, steps) = (time(.hoisted, frames), time(.steps, frames))
    let ratio = StudyText.ratio(all, to: steps)
    switch Contrast(all, to: steps) {
    case .less:
      return StudyFinding(
        "hoisting", .fails,
        "Half of an LSTM needs no order: with the products over its inputs taken first, all "
          + "together, it "
          + "took \(ratio) of the time at \(StudyText.count(frames)) frames.")
    case .more:
      return StudyFinding(
        "hoisting", .holds,
        "Taking the LSTM's products over its inputs first did not pay: \(ratio) times the time "
          + "of single "
          + "steps at \(StudyText.count(frames)) frames.")
    case .undecided:
      return StudyFinding(
        "hoisting", .undecided,
        "Taking the LSTM's products over its inputs first makes no difference beyond the "
          + "intervals.")
    }
  }

  private var cache: StudyFinding {
    guard let frames = longest(.streamed, .recomputed) else { return .unmeasured("cache") }
    let (without, with) = (time(.recomputed, frames), time(.streamed, frames))
    let ratio = StudyText.ratio(without, to: with)
    switch Contrast(without, to: with) {
    case .more:
      return StudyFinding(
        "cache", nil,
        "Online a Transformer needs its cache: without it \(StudyText.count(frames)) frames took "
          + "\(ratio) times as long.")
    case .less:
      return StudyFinding(
        "cache", nil,
        "The cache cost more than it saved: without it \(StudyText.count(frames)) frames took "
          + "\(ratio) of "
          + "the time.")
    case .undecided:
      return StudyFinding(
        "cache", nil, "Intervals do not tell streaming with a cache from streaming without.")
    }
  }

  private var streams: StudyFinding { threads(.streamed, .streamedByTwo, "streamed Transformer") }

  private func threads(_ one: Way, _ two: Way, _ name: String) -> StudyFinding {
    let key = "threads of the \(name)"
    guard let frames = longest(one, two) else { return .unmeasured(key) }
    let (alone, both) = (time(one, frames), time(two, frames))
    let isTransformer = one == .streamed
    switch Contrast(both, to: alone) {
    case .less:
      return StudyFinding(
        key, isTransformer ? .holds : .fails,
        "A second thread brought the \(name) to \(StudyText.ratio(both, to: alone)) of its time at "
          + "\(StudyText.count(frames)) frames.")
    case .more:
      return StudyFinding(
        key, isTransformer ? .fails : .holds,
        "A second thread made the \(name) slower, \(StudyText.ratio(both, to: alone)) times its "
          + "time at "
          + "\(StudyText.count(frames)) frames.")
    case .undecided:
      return StudyFinding(
        key, .undecided,
        "Intervals tell no gain from a second thread for the \(name) at "
          + "\(StudyText.count(frames)) frames.")
    }
  }
}

extension StudyFinding {
  /// What could not be found because its numbers are not there.
  static func unmeasured(_ name: String) -> StudyFinding {
    StudyFinding(name, .undecided, "What tells of \(name) was not measured here.")
  }
}

/// Figures in sentences of findings.
enum StudyText {
  /// Three significant digits without zeros at the end.
  static func number(_ value: Double) -> String {
    var text = ThreeDigits.text(abs(value))
    if text.contains(".") {
      while text.last == "0" { text.removeLast() }
      if text.last == "." { text.removeLast() }
    }
    return value < 0 && text != "0" ? "-" + text : text
  }

  static func count(_ value: Double) -> String { Int(value.rounded()).grouped }

  static func ratio(_ one: Estimate?, to other: Estimate?) -> String {
    guard let one, let other, other.value > 0 else { return "-" }
    return number(one.value / other.value)
  }

  static func percent(_ share: Double) -> String { number(100 * share) + " %" }

  static func seconds(_ value: Double) -> String {
    DurationText.format(Int64((value * 1e9).rounded()))
  }

  /// `a, b and c`.
  static func list(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }
}
