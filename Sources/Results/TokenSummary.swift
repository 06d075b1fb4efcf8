import LatencyLog
import PlainText

/// How many tokens of a lane were wrong, and how late the right ones came.
///
/// Times are nanoseconds in the schedule's time; a figure that the sample does not support is nil.
public struct TokenSummary: Sendable, Equatable {
  /// Tokens that the labels have, up to the end of the stream.
  public var reference = 0
  public var substitutions = 0
  public var deletions = 0
  public var insertions = 0
  /// Errors over the tokens of the labels, with the 95 % interval of a bootstrap over utterances; nil without
  /// a token.
  public var errorRate: Estimate?
  /// How many utterances the bootstrap drew from; under 20 there is no interval.
  public var utterances = 0
  /// Tokens that stand for one of their name: those that delays are of.
  public var matched = 0
  /// From the true end of a token to the `time` of its frame.
  public var emission = TokenDelays()
  /// The same from its true begin.
  public var emissionAfterBegin = TokenDelays()
  /// From the true end of a token until its lane had said so: all of its delay.
  public var feltDelay = TokenDelays()
  /// Where that went.
  public var feltDelayBudget = TokenDelayParts { _ in TokenDelayShare() }

  public init() {}

  var json: JSONValue {
    .object([
      ("reference", .integer(reference)),
      ("substitutions", .integer(substitutions)),
      ("deletions", .integer(deletions)),
      ("insertions", .integer(insertions)),
      ("error_rate", Estimate.json(errorRate)),
      ("utterances", .integer(utterances)),
      ("matched", .integer(matched)),
      ("emission_ns", emission.json),
      ("emission_begin_ns", emissionAfterBegin.json),
      ("felt_delay_ns", feltDelay.json),
      (
        "felt_delay_budget_ns",
        .object(TokenDelayPart.allCases.map { ($0.key, feltDelayBudget[$0].json) })
      ),
    ])
  }
}

/// Percentiles of a delay of tokens, which may be negative: a model may answer before a token has ended.
public struct TokenDelays: Sendable, Equatable {
  /// Of as many tokens as a p90 takes: it is as far from the middle.
  public var p10: Int64?
  public var p50: Int64?
  public var p90: Int64?
  public var p99: Int64?

  public init() {}

  /// The percentiles that so many delays support. Allocates.
  public init(_ delays: [Int64]) {
    let sorted = delays.sorted()
    if Quantile.p90.isSupported(by: sorted.count) {
      p10 = sorted[Quantile(0.1).rank(among: sorted.count) - 1]
    }
    p50 = Quantile.p50.value(ofSorted: sorted)
    p90 = Quantile.p90.value(ofSorted: sorted)
    p99 = Quantile.p99.value(ofSorted: sorted)
  }

  var json: JSONValue {
    .object([
      ("p10", .integer(p10)), ("p50", .integer(p50)), ("p90", .integer(p90)),
      ("p99", .integer(p99)),
    ])
  }
}

/// The parts of the delay that is felt of a token, in the order of its life; they add up to it.
public enum TokenDelayPart: Int, Sendable, CaseIterable {
  /// The window, and what a resampler waits for.
  case signal
  /// What the model takes to say so: from the true end to the begin of the window of its frame; negative
  /// where it answers before it has heard all.
  case own
  /// Until the search for tokens was sure of it; 0 without one.
  case search
  /// Until the chunk was complete.
  case chunk
  /// Front end, model and commit.
  case computing
  /// Until the lane was free, its waking included.
  case queue

  /// Its key in the summary.
  public var key: String { "\(self)" }
}

/// One value for each part of the delay that is felt.
public typealias TokenDelayParts<Value> = DelayParts<TokenDelayPart, Value>

extension TokenDelayParts<Int64> {
  /// The delay that is felt.
  public var sum: Int64 { TokenDelayPart.allCases.reduce(0) { $0 + self[$1] } }
}

/// How one part of the delay that is felt is spread, in nanoseconds.
public struct TokenDelayShare: Sendable, Equatable {
  public var p50: Int64?
  public var p90: Int64?
  public var p99: Int64?
  /// Rounded down; nil without a token. Unlike percentiles means add up, but for the rounding.
  public var mean: Int64?

  public init() {}

  /// Allocates.
  public init(_ values: [Int64]) {
    let delays = TokenDelays(values)
    (p50, p90, p99) = (delays.p50, delays.p90, delays.p99)
    guard !values.isEmpty else { return }
    let (quotient, remainder) = values.reduce(0, +).quotientAndRemainder(
      dividingBy: Int64(values.count))
    mean = remainder < 0 ? quotient - 1 : quotient
  }

  var json: JSONValue {
    .object([
      ("p50", .integer(p50)), ("p90", .integer(p90)), ("p99", .integer(p99)),
      ("mean", .integer(mean)),
    ])
  }
}
