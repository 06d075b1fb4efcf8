import Experiments
import Foundation
import LaneRunner
import PlainText
import Results

/// What `measure` says besides the table.
enum MeasureText {
  /// A run of the search: `speech-lstm: 64 streams: p99 1.23 ms over 1,000 frames, load 0.11: holds`.
  static func line(of probe: MeasureProbe, lane: LaneSetup) -> String {
    var text = "\(lane.name): \(streams(probe.streams))"
    if probe.streams > 1 { text += " in calls of \(probe.batch)" }
    if probe.confirms { text += ", confirming" }
    text += ": "
    if let p99 = probe.p99 {
      text += "p99 \(DurationText.format(p99)) over \(probe.frames) frames"
    } else {
      text += "lost after \(probe.frames) of \(probe.plannedFrames) frames, \(probe.late) late"
    }
    if let load = probe.load { text += String(format: ", load %.2f", load) }
    if probe.holds { return text + ": holds" }
    guard probe.isDisturbed, let demand = probe.demand else { return text + ": does not hold" }
    return text + ": does not hold, but computing needs only \(share(demand)) of its time"
  }

  /// Below the table: what each lane carried, what its choice of calls rests on, and the clock.
  static func sentences(of result: MeasureResult) -> String {
    var lines: [String] = []
    for (index, (lane, figures)) in zip(result.summary.lanes, result.figures).enumerated() {
      lines.append(cost(of: lane, figures))
      if let choice = choice(figures) { lines.append("  " + choice) }
      if result.maxima.indices.contains(index) {
        let isRealTime = result.summary.machine.schedulerPolicy == "fifo"
        lines.append("  " + answer(of: lane, result.maxima[index], isRealTime: isRealTime))
      }
    }
    lines.append(clock(of: result))
    return lines.joined(separator: "\n")
  }

  /// Why the search found nothing.
  static func refusal(of lane: LaneSummary, _ maximum: MeasureMaximum) -> String {
    let deadline = DurationText.format(maximum.deadline)
    var text = "\(lane.name): not even 1 stream has p99 within \(deadline)"
    if lane.algorithmicLatency >= maximum.deadline {
      text += ": its algorithmic latency alone is \(DurationText.format(lane.algorithmicLatency))"
    } else if let p99 = lane.response.p99 {
      text += ": p99 is \(DurationText.format(p99))"
      // Neither its work nor its backlog: the core was busy with something else.
      let queue = lane.budget.parts[.queue].p99
      if let load = lane.load, load < 0.5, let queue, queue > p99 / 2 {
        text += ", of which its thread waited \(DurationText.format(queue)) to run"
      }
    }
    return text
  }

  private static func cost(of lane: LaneSummary, _ figures: MeasureFigures) -> String {
    var text = "\(lane.name): \(streams(figures.streams)) at \(number(figures.frameRate)) Hz"
    text += figures.core.map { " on core \($0)" } ?? " on no core of its own"
    if let rate = figures.streamFramesPerSecond, let cost = figures.nanosecondsPerStreamFrame {
      text += "; \(number(rate)) frames x streams / s, \(duration(cost)) each"
    }
    return text
  }

  private static func choice(_ figures: MeasureFigures) -> String? {
    guard figures.streams > 1, !figures.batching.trials.isEmpty else { return nil }
    let trials = figures.batching.trials.map { trial in
      "\(trial.size == 1 ? "one at a time" : "\(trial.size) a call") \(duration(trial.nanoseconds))"
    }
    let chosen =
      figures.batching.size == 1 ? "one at a time" : "\(figures.batching.size) streams a call"
    return "model: \(chosen), chosen by a frame's least time: \(trials.joined(separator: ", "))"
  }

  private static func answer(
    of lane: LaneSummary, _ maximum: MeasureMaximum, isRealTime: Bool
  ) -> String {
    if maximum.isInterrupted { return known(maximum) }
    guard let run = maximum.confirmation, let p99 = run.p99 else {
      return "most streams: none; " + refusal(of: lane, maximum)
    }
    return "most streams with p99 within \(DurationText.format(maximum.deadline)): "
      + "\(maximum.isAtLimit ? "at least " : "")\(run.streams); p99 \(DurationText.format(p99)) over "
      + "\(run.frames) frames after the warm-up (p99 needs \(MeasureMaximum.leastFrames))"
      + bound(maximum, isRealTime: isRealTime)
  }

  /// What a search that was interrupted knows.
  private static func known(_ maximum: MeasureMaximum) -> String {
    let text =
      "most streams with p99 within \(DurationText.format(maximum.deadline)), interrupted: "
    guard maximum.streams > 0 else { return text + "no run has held yet" }
    return text + "at least \(maximum.streams), "
      + (maximum.confirmation == nil ? "not confirmed yet" : "confirmed")
  }

  /// What kept the search from finding more.
  private static func bound(_ maximum: MeasureMaximum, isRealTime: Bool) -> String {
    if maximum.bound == .limit { return "; memory or the limit of streams ended the search" }
    guard let refusal = maximum.refusal else { return "" }
    let failed = "; \(streams(refusal.streams)) did not hold"
    guard let demand = refusal.demand else { return failed }
    switch maximum.bound {
    case .disturbances:
      return failed + ", but computing needed only \(share(demand)) of its time: the machine was"
        + " disturbed, a quiet one may carry more" + (isRealTime ? "" : ", or --realtime")
    case .interruption, .limit: return ""
    case .computing: return failed + ": computing needed \(share(demand)) of its time"
    }
  }

  private static func share(_ value: Double) -> String { String(format: "%.0f %%", 100 * value) }

  private static func clock(of result: MeasureResult) -> String {
    switch result.summary.measureClock {
    case .monotonic, nil: "Clock: monotonic; frames arrived in real time on an absolute schedule."
    case .virtual:
      "Clock: virtual; arrivals from the schedule, calls as long as measured, nothing waited."
    }
  }

  private static func streams(_ count: Int) -> String {
    "\(count) stream\(count == 1 ? "" : "s")"
  }

  private static func duration(_ nanoseconds: Double) -> String {
    DurationText.format(Int64(nanoseconds.rounded()))
  }

  private static func number(_ value: Double) -> String {
    value >= 1_000 ? String(Int64(value.rounded())) : String(format: "%.4g", value)
  }
}
