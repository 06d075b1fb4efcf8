import LatencyLog
import Results
import Testing

@testable import Quality

/// Delays, their budget, intervals and differences of tokens with known errors.
@Suite("Judged tokens")
struct TokenJudgementTests {
  private static let outputs = ["-", "a", "b", "c"]

  /// Utterances of five tokens of 0.1 s, 1 s apart; `wrong` of the tokens are given as another one.
  private static func meter(
    utterances: Int, timing: TokenTiming = TokenTiming(signalDelay: 25), late: Double = 0.05,
    wrong: (Int) -> Bool = { _ in false }
  ) throws -> TokenMeter {
    var text = "start,end,label,utterance\n"
    for utterance in 0..<utterances {
      for place in 0..<5 {
        let start = Double(utterance) * 1.5 + Double(place) / 10
        text += "\(start),\(start + 0.1),\(outputs[1 + place % 2]),\(utterance)\n"
      }
    }
    let reference = try TokenReference(Labels(text), outputs: outputs, blank: 0)
    var meter = TokenMeter(reference, timing: timing)
    for (index, token) in reference.tokens.enumerated() {
      let time = Double(token.end) / 1e9 + late
      let output = wrong(index) ? 3 : token.output
      let start = Int64(index) * 1_000
      let known = FrameRecord(
        lane: 0, frame: UInt64(index), position: UInt64(index), arrival: start,
        frontEndStart: start + 7, frontEndEnd: start + 20 + Int64(index % 3),
        modelStart: start + 120, modelEnd: start + 150, emission: start + 151 + Int64(index % 5))
      var record = TokenRecord.sample(output, time: time, known: known)
      record.knownTime = time + 0.02
      meter.add(record)
    }
    meter.advance(to: 1e6)
    return meter
  }

  @Test("The parts of the delay that is felt add up to it, for each token")
  func budget() throws {
    let timing = TokenTiming(signalDelay: 31_000_007, resamplerDelay: 6_000_003)
    let judgement = TokenJudgement(try Self.meter(utterances: 30, timing: timing))
    #expect(judgement.matched.count == 150)
    for (heard, truth) in judgement.matched {
      let parts = heard.delays(after: truth.end, timing)
      let response = heard.queue + heard.chunk + heard.computing
      let emission = heard.time - truth.end
      #expect(parts.sum == emission + 6_000_003 + 20_000_000 + response)
      #expect(parts[.signal] == 31_000_007)
      #expect(parts[.own] == emission - 25_000_004)
      #expect(parts[.queue] == 7 && parts[.search] == 20_000_000)
    }
    let summary = judgement.summary()
    #expect(summary.emission.p50 == 50_000_000)
    #expect(summary.emissionAfterBegin.p50 == 150_000_000)
    #expect(summary.feltDelayBudget[.chunk].p90 == 100)
    let means = TokenDelayPart.allCases.compactMap { summary.feltDelayBudget[$0].mean }
    #expect(means.count == 6)
    // 50 + 20 ms, the resampler's 6,000,003 ns, and 151 to 155 ns of response.
    #expect((76_000_003 + 146...76_000_003 + 155).contains(means.reduce(0, +)))
  }

  @Test("At another pace what lies in the stream is shorter, what was measured is not")
  func pace() throws {
    let timing = TokenTiming(factor: 4, signalDelay: 25)
    let summary = TokenJudgement(try Self.meter(utterances: 30, timing: timing)).summary()
    #expect(summary.emission.p50 == 12_500_000)
    #expect(summary.feltDelayBudget[.search].p50 == 5_000_000)
    #expect(
      summary.feltDelayBudget[.chunk].p50 == 99)
  }

  @Test("A percentile needs the tokens that it needs; p10 as many as p90")
  func support() {
    func delays(_ count: Int) -> TokenDelays { TokenDelays((1...Int64(count)).map { -$0 }) }
    #expect(delays(19) == TokenDelays())
    #expect(delays(20).p50 == -11 && delays(20).p10 == nil)
    #expect(delays(99).p90 == nil && delays(99).p10 == nil)
    #expect(delays(100).p10 == -91 && delays(100).p90 == -11 && delays(100).p99 == nil)
    #expect(delays(1_000).p99 == -11)
  }

  @Test("The interval is a bootstrap over utterances, from twenty on")
  func interval() throws {
    let few = TokenJudgement(try Self.meter(utterances: 19) { $0 % 5 == 0 }).summary()
    #expect(few.errorRate == Estimate(value: 0.2) && few.utterances == 19)
    // The same errors in each utterance: no resample differs.
    let even = TokenJudgement(try Self.meter(utterances: 20) { $0 % 5 == 0 }).summary()
    #expect(even.errorRate == Estimate(value: 0.2, low: 0.2, high: 0.2))
    // All of them in a quarter of the utterances: 0.25 with a standard error of sqrt(0.25 * 0.75 / 80).
    let uneven = TokenJudgement(try Self.meter(utterances: 80) { $0 / 5 % 4 == 0 }).summary()
    let rate = try #require(uneven.errorRate)
    let (low, high) = (try #require(rate.low), try #require(rate.high))
    #expect(low < rate.value && rate.value < high)
    #expect((0.13...0.25).contains(high - low))
  }

  @Test("Differences are over the same utterances")
  func differences() throws {
    let good = TokenJudgement(try Self.meter(utterances: 40) { $0 / 5 % 4 == 0 })
    let bad = TokenJudgement(
      try Self.meter(utterances: 40) { $0 / 5 % 4 == 0 || $0 % 5 == 3 })
    let difference = try #require(QualityDifference(of: ("bad", bad), minus: ("good", good)))
    #expect(difference.unit == .utterances && difference.units == 40)
    #expect(difference.auc == nil)
    let rate = try #require(difference.tokenErrorRate)
    #expect(rate.value > 0 && (rate.low ?? 0) > 0)
    let same = try #require(QualityDifference(of: ("a", bad), minus: ("b", bad)))
    #expect(same.tokenErrorRate == Estimate(value: 0, low: 0, high: 0))
    let other = TokenJudgement(try Self.meter(utterances: 39))
    #expect(QualityDifference(of: ("a", bad), minus: ("b", other)) == nil)
  }

  @Test("Tokens of the labels that begin behind the last frame are left out")
  func end() throws {
    var meter = try Self.meter(utterances: 3)
    let whole = TokenJudgement(meter).summary()
    #expect(whole.reference == 15 && whole.deletions == 0)
    let reference = meter.reference
    meter = TokenMeter(reference, timing: meter.timing)
    meter.advance(to: 1.55)
    let short = TokenJudgement(meter).summary()
    #expect(short.reference == 6 && short.deletions == 6 && short.utterances == 2)
    #expect(
      reference.ends(of: [1, 2, 2], until: 1_550_000_000) == [
        100_000_000, 200_000_000, 400_000_000,
      ])
  }
}
