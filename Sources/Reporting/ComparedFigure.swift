import PlainText
import Results

/// A row of a comparison: a number of a lane's summary, and how it is written.
struct ComparedFigure {
  /// What the number is.
  enum Unit {
    case count, duration, ratio, bytes, operations, score
  }

  let title: String
  /// In the lane's summary.
  let path: String
  let unit: Unit
  /// What a lane is and not what it did: no row where that is the same.
  var isShownIfChanged = false

  /// Its key among the paired differences, for percentiles of the response time.
  var percentile: String? {
    path.hasPrefix("response.") ? String(path.dropFirst("response.".count)) : nil
  }

  static let all: [ComparedFigure] =
    [
      ComparedFigure(title: "frames", path: "frames", unit: .count, isShownIfChanged: true),
      ComparedFigure(title: "misses", path: "misses.count", unit: .count),
      ComparedFigure(title: "load", path: "load", unit: .ratio),
    ] + percentiles("response") + percentiles("response_in_chunk.first", ["p50", "p99"])
    + percentiles("response_in_chunk.last", ["p50", "p99"]) + percentiles("service")
    + ["queue", "front_end", "buffering", "model", "emit"].map {
      ComparedFigure(
        title: "\($0.replacing("_", with: " ")) p50", path: "budget.\($0).p50", unit: .duration)
    } + [
      ComparedFigure(
        title: "algorithmic latency", path: "algorithmic_latency_ns", unit: .duration,
        isShownIfChanged: true),
      ComparedFigure(
        title: "signal delay", path: "signal_delay_ns", unit: .duration, isShownIfChanged: true),
      ComparedFigure(title: "state", path: "state_bytes", unit: .bytes, isShownIfChanged: true),
      ComparedFigure(title: "weights", path: "weight_bytes", unit: .bytes, isShownIfChanged: true),
      ComparedFigure(
        title: "MACs a frame", path: "macs_per_frame", unit: .operations, isShownIfChanged: true),
      ComparedFigure(title: "most streams", path: "find_max.streams", unit: .count),
      ComparedFigure(
        title: "streams x frames / s", path: "stream_frames_per_second", unit: .ratio),
      ComparedFigure(title: "AUC", path: "quality.auc.value", unit: .score),
      ComparedFigure(title: "accuracy", path: "quality.accuracy.value", unit: .score),
      ComparedFigure(title: "F1", path: "quality.f1.value", unit: .score),
      ComparedFigure(title: "token error rate", path: "tokens.error_rate.value", unit: .score),
    ]
    + ["p50", "p90", "p99"].flatMap { key in
      [("emission", "emission_ns"), ("felt delay", "felt_delay_ns")].map { name, path in
        ComparedFigure(title: "\(name) \(key)", path: "tokens.\(path).\(key)", unit: .duration)
      }
    }

  private static func percentiles(
    _ path: String, _ keys: [String] = ["p50", "p90", "p95", "p99", "p999", "max"]
  ) -> [ComparedFigure] {
    let names = [
      "response_in_chunk.first": "first of chunk", "response_in_chunk.last": "last of chunk",
    ]
    return keys.map { key in
      ComparedFigure(
        title: "\(names[path] ?? path) \(key == "p999" ? "p99.9" : key)", path: "\(path).\(key)",
        unit: .duration)
    }
  }

  /// One value of it; a dash where there is none.
  func text(_ value: JSONValue?) -> String {
    guard let number = value?.double else { return NumberText.unsupported }
    return (number < 0 ? "-" : "") + magnitude(abs(number))
  }

  /// With its sign: `+4.30 us`, `-3`.
  func signed(_ difference: JSONValue) -> String {
    guard let number = difference.double else { return NumberText.unsupported }
    return (number < 0 ? "-" : number > 0 ? "+" : "") + magnitude(abs(number))
  }

  static func signed(duration: Int64) -> String {
    (duration > 0 ? "+" : "") + DurationText.format(duration)
  }

  private func magnitude(_ value: Double) -> String {
    let whole = Int64(exactly: value.rounded()) ?? .max
    return switch unit {
    case .count: NumberText.count(whole)
    case .duration: DurationText.format(whole)
    case .ratio: ThreeDigits.text(value)
    case .bytes: NumberText.bytes(Int(whole))
    case .operations: NumberText.operations(Int(whole))
    case .score: NumberText.score(value)
    }
  }
}
