import LatencyLog
import Results

/// One lane's tokens against those of the labels: what stands for what, and what of it is wrong.
public struct TokenJudgement: Sendable {
  private let meter: TokenMeter
  private let judged: [TokenReference.Token]
  private let alignment: TokenAlignment
  /// By utterance.
  let errors: [TokenErrors]

  /// Aligns the whole stream; tokens of the labels that begin behind its last frame are left out.
  /// Allocates.
  public init(_ meter: TokenMeter) {
    self.meter = meter
    judged = Array(meter.reference.judged(until: meter.end))
    alignment = TokenAlignment(
      judged.map { Int32($0.output) }, meter.tokens.map { Int32($0.output) })
    var errors = [TokenErrors](
      repeating: TokenErrors(), count: max(1, meter.reference.utteranceCount))
    for (token, partner) in zip(judged, alignment.partners) {
      errors[token.utterance].reference += 1
      if let partner {
        if meter.tokens[partner].output != token.output {
          errors[token.utterance].substitutions += 1
        }
      } else {
        errors[token.utterance].deletions += 1
      }
    }
    for insertion in alignment.insertions {
      // It is of the utterance before it; what comes before all is of the first one.
      let owner = insertion.after < 0 ? judged.first : judged[insertion.after]
      errors[owner?.utterance ?? 0].insertions += 1
    }
    self.errors = errors
  }

  /// Errors of all utterances together.
  var total: TokenErrors { errors.reduce(into: TokenErrors()) { $0.add($1, times: 1) } }

  /// The tokens that stand for one of their name, with the true one.
  var matched: [(heard: HeardToken, truth: TokenReference.Token)] {
    zip(judged, alignment.partners).compactMap { truth, partner in
      guard let partner, meter.tokens[partner].output == truth.output else { return nil }
      return (meter.tokens[partner], truth)
    }
  }

  /// All figures, with the intervals. Allocates.
  public func summary() -> TokenSummary {
    let total = total
    var summary = TokenSummary()
    summary.reference = total.reference
    summary.substitutions = total.substitutions
    summary.deletions = total.deletions
    summary.insertions = total.insertions
    let resampled = ResampledErrors([self])
    summary.utterances = resampled.unitCount
    summary.errorRate = resampled.estimate { $0[0].rate }
    let matched = matched
    let timing = meter.timing
    summary.matched = matched.count
    summary.emission = TokenDelays(matched.map { timing.scheduled($0.heard.time - $0.truth.end) })
    summary.emissionAfterBegin = TokenDelays(
      matched.map { timing.scheduled($0.heard.time - $0.truth.start) })
    let parts = matched.map { $0.heard.delays(after: $0.truth.end, timing) }
    summary.feltDelay = TokenDelays(parts.map(\.sum))
    summary.feltDelayBudget = TokenDelayParts { part in
      TokenDelayShare(parts.map { $0[part] })
    }
    return summary
  }
}

extension QualityDifference {
  /// Compares the error rates of two lanes over the same labels: the same utterances are drawn for both. Nil
  /// where their labels part into other utterances. Allocates.
  public init?(
    of first: (name: String, judgement: TokenJudgement),
    minus second: (name: String, judgement: TokenJudgement)
  ) {
    guard first.judgement.errors.count == second.judgement.errors.count else { return nil }
    let resampled = ResampledErrors([first.judgement, second.judgement])
    self.init(lane: first.name, minus: second.name, unit: .utterances)
    units = resampled.unitCount
    tokenErrorRate = resampled.estimate { pair in
      guard let one = pair[0].rate, let other = pair[1].rate else { return nil }
      return one - other
    }
  }
}

/// Errors of an utterance, or of several.
struct TokenErrors: Sendable, Equatable {
  /// Tokens that were spoken.
  var reference = 0
  var substitutions = 0
  var deletions = 0
  var insertions = 0

  /// Errors over the tokens spoken; nil without one.
  var rate: Double? {
    reference == 0
      ? nil : Double(substitutions + deletions + insertions) / Double(reference)
  }

  mutating func add(_ other: TokenErrors, times weight: Int) {
    reference += other.reference * weight
    substitutions += other.substitutions * weight
    deletions += other.deletions * weight
    insertions += other.insertions * weight
  }
}

/// Errors of lanes over utterances that they share, and over each resample of those.
private struct ResampledErrors {
  private let bootstrap: Bootstrap
  /// `[lanes]`
  private let whole: [TokenErrors]
  /// `[resamples, lanes]`
  private let resamples: [[TokenErrors]]

  init(_ lanes: [TokenJudgement]) {
    // Utterances of which no lane heard anything are none of the sample.
    let units = lanes[0].errors.indices.filter { unit in
      lanes.contains { $0.errors[unit].reference > 0 }
    }
    bootstrap = Bootstrap(unitCount: units.count, resampleCount: 1_000, seed: 1)
    whole = lanes.map(\.total)
    var resamples: [[TokenErrors]] = []
    bootstrap.forEachResample { weights in
      resamples.append(
        lanes.map { lane in
          var sum = TokenErrors()
          for (place, unit) in units.enumerated() where weights[place] > 0 {
            sum.add(lane.errors[unit], times: Int(weights[place]))
          }
          return sum
        })
    }
    self.resamples = resamples
  }

  var unitCount: Int { bootstrap.unitCount }

  /// A figure with its interval; nil if the whole sample does not give it.
  func estimate(_ figure: ([TokenErrors]) -> Double?) -> Estimate? {
    guard let value = figure(whole) else { return nil }
    let interval = bootstrap.interval(of: resamples.compactMap(figure))
    return Estimate(value: value, low: interval?.low, high: interval?.high)
  }
}
