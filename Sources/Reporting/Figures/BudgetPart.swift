import LatencyLog
import Results

/// One part of the response time, as figures draw it.
enum BudgetPart: String, CaseIterable {
  case queue
  case frontEnd = "front end"
  case buffering
  case model
  case emit

  /// The class that the page's style gives a tone of the lane's colour.
  var style: String { "part-\(self)" }

  var meaning: String {
    switch self {
    case .queue: "waiting to begin"
    case .frontEnd: "samples into the frame"
    case .buffering: "waiting for the rest of the chunk"
    case .model: "the model's call"
    case .emit: "handing over"
    }
  }

  func duration(in record: FrameRecord) -> Int64 {
    switch self {
    case .queue: record.queue
    case .frontEnd: record.frontEnd
    case .buffering: record.buffering
    case .model: record.model
    case .emit: record.emit
    }
  }

  func mean(in budget: BudgetSummary) -> Int64 {
    switch self {
    case .queue: budget.mean.queue ?? 0
    case .frontEnd: budget.mean.frontEnd ?? 0
    case .buffering: budget.mean.buffering ?? 0
    case .model: budget.mean.model ?? 0
    case .emit: budget.mean.emit ?? 0
    }
  }

  /// All parts with what they mean, in neutral tones.
  static var legend: String {
    "<p class=\"legend\">"
      + allCases.map { part in
        "<span class=\"key neutral\"><i class=\"\(part.style)\"></i>\(part.rawValue): "
          + "\(part.meaning)</span>"
      }.joined(separator: " ") + "</p>"
  }
}
