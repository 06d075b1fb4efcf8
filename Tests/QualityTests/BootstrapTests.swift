import Testing

@testable import Quality

@Suite struct BootstrapTests {
  /// The first values of the authors' splitmix64.c from state 0.
  @Test func theGeneratorIsTheKnownOne() {
    var generator = SplitMix64(seed: 0)
    #expect(generator.next() == 0xE220_A839_7B1D_CDAF)
    #expect(generator.next() == 0x6E78_9E6A_A1B9_65F4)
    #expect(generator.next() == 0x06C4_5D18_8009_454F)
  }

  @Test func resamplesDrawAsManyUnitsAsThereAreAndRepeat() {
    let bootstrap = Bootstrap(unitCount: 25, resampleCount: 400, seed: 3)
    var all: [[UInt32]] = []
    bootstrap.forEachResample { all.append($0) }
    var again: [[UInt32]] = []
    bootstrap.forEachResample { again.append($0) }
    #expect(all.count == 400)
    #expect(all == again)
    #expect(all.allSatisfy { $0.reduce(0, +) == 25 })
    // 400 draws a unit expected; a standard deviation is 19.6.
    let drawn = (0..<25).map { unit in all.reduce(0) { $0 + Int($1[unit]) } }
    #expect(drawn.allSatisfy { abs($0 - 400) < 90 })
    var other: [[UInt32]] = []
    Bootstrap(unitCount: 25, resampleCount: 400, seed: 4).forEachResample { other.append($0) }
    #expect(all != other)
  }

  @Test func theIntervalLeavesOutOneFortiethOnEachSide() {
    let bootstrap = Bootstrap(unitCount: 20, resampleCount: 1000, seed: 1)
    let values = Array((0..<1000).reversed())
    let interval = bootstrap.interval(of: values)
    #expect(interval?.low == 25)
    #expect(interval?.high == 974)
    let enough = Array(0..<950)
    #expect(bootstrap.interval(of: enough)?.low == 23)
    let tooFew = Array(0..<949)
    #expect(bootstrap.interval(of: tooFew) == nil)
    let all = Array(0..<1000)
    #expect(Bootstrap(unitCount: 19, resampleCount: 1000, seed: 1).interval(of: all) == nil)
  }

  /// The true AUC and accuracy lie in 95 % of the intervals, near enough, although the frames of a second
  /// are copies of each other: an interval over frames would be too narrow by the root of three.
  @Test func intervalsCoverTheTruth() throws {
    var generator = SplitMix64(seed: 2)
    func uniform() -> Double { Double(generator.next() >> 11) / Double(1 << 53) }
    let (datasets, seconds, rate) = (200, 60, 3)
    // Negatives uniform in 0...1, positives in 0.5...1.5.
    let (trueAUC, trueAccuracy) = (1 - 0.5 * 0.5 / 2, (0.75 + 0.75) / 2)
    var covered = (auc: 0, accuracy: 0)
    for dataset in 0..<datasets {
      var labels: [String?] = []
      var scores: [Float] = []
      for _ in 0..<seconds {
        let isPositive = uniform() < 0.5
        let score = Float(uniform() + (isPositive ? 0.5 : 0))
        labels += [String?](repeating: isPositive ? "1" : "0", count: rate)
        scores += [Float](repeating: score, count: rate)
      }
      var options = QualityOptions(framePeriod: 1.0 / 3, frameOffset: 1.0 / 6)
      (options.threshold, options.resamples, options.seed) = (0.75, 100, UInt64(dataset))
      let meter = try QualityMeter.binary(scores, labels: Labels(frames: labels), options: options)
      let summary = meter.summary()
      #expect(summary.units == seconds)
      let (auc, accuracy) = (try #require(summary.auc), try #require(summary.accuracy))
      if try #require(auc.low) <= trueAUC, try #require(auc.high) >= trueAUC { covered.auc += 1 }
      if try #require(accuracy.low) <= trueAccuracy, try #require(accuracy.high) >= trueAccuracy {
        covered.accuracy += 1
      }
    }
    // 190 expected; a standard deviation is 3.
    #expect((178...199).contains(covered.auc), "\(covered)")
    #expect((178...199).contains(covered.accuracy), "\(covered)")
  }
}
