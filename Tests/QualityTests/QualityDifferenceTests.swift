import Results
import Testing

@testable import Quality

@Suite struct QualityDifferenceTests {
  private let options = QualityOptions(framePeriod: 0.1, frameOffset: 0.05)

  /// Sixty seconds of random labels and two lanes that err on the same frames, the second a little more.
  private func lanes() throws -> (QualityMeter, QualityMeter) {
    var uniform = Uniform()
    var labels: [String?] = []
    var first: [Float] = []
    var second: [Float] = []
    for _ in 0..<600 {
      let isPositive = uniform.next() < 0.5
      let score = uniform.next() + (isPositive ? 0.2 : -0.2)
      labels.append(isPositive ? "1" : "0")
      first.append(Float(score))
      second.append(Float(score + 0.1 * (uniform.next() - 0.5) - (isPositive ? 0.015 : -0.015)))
    }
    return (
      try .binary(first, labels: Labels(frames: labels), options: options),
      try .binary(second, labels: Labels(frames: labels), options: options)
    )
  }

  @Test func aLaneEqualsItself() throws {
    let (lane, _) = try lanes()
    let difference = try #require(QualityDifference(of: ("lane", lane), minus: ("lane", lane)))
    let zero = Estimate(value: 0, low: 0, high: 0)
    #expect(difference.auc == zero)
    #expect(difference.accuracy == zero)
    #expect(difference.f1 == zero)
    #expect(difference.unit == .seconds)
    #expect(difference.units == 60)
  }

  @Test func isTheDifferenceOfTheSummaries() throws {
    let (first, second) = try lanes()
    let difference = try #require(
      QualityDifference(of: ("first", first), minus: ("second", second)))
    let reverse = try #require(QualityDifference(of: ("second", second), minus: ("first", first)))
    let (one, other) = (first.summary(), second.summary())
    let auc = try #require(difference.auc)
    let (oneAUC, otherAUC) = (try #require(one.auc), try #require(other.auc))
    #expect(auc.value == oneAUC.value - otherAUC.value)
    #expect(reverse.auc?.value == -auc.value)
    #expect(reverse.auc?.low == auc.high.map { -$0 })
    #expect(reverse.auc?.high == auc.low.map { -$0 })
    // Pairing is what shows it: each lane's own interval holds the other's value.
    #expect(try #require(auc.low) > 0)
    #expect(try #require(oneAUC.low) < otherAUC.value)
    #expect(try #require(otherAUC.high) > oneAUC.value)
  }

  @Test func lanesMayDifferInFrames() throws {
    let labels = try Labels("start,end\n0,10\n20,30\n")
    let isPositive = { (second: Int) in second < 10 || (20..<30).contains(second) }
    let slow = try QualityMeter.binary(
      (0..<400).map { isPositive($0 / 10) ? 1 : 0 }, labels: labels, options: options)
    var fastOptions = options
    fastOptions.framePeriod = 0.05
    fastOptions.frameOffset = 0.025
    // Wrong in the last quarter of the positives.
    let fast = try QualityMeter.binary(
      (0..<780).map { isPositive($0 / 20) && $0 < 500 ? 1 : 0 }, labels: labels,
      options: fastOptions)
    let difference = try #require(QualityDifference(of: ("slow", slow), minus: ("fast", fast)))
    #expect(difference.units == 40)
    #expect(difference.auc?.value == 0.125)
    let accuracy = try #require(difference.accuracy)
    #expect(abs(accuracy.value - 100.0 / 780) < 1e-15)
  }

  @Test func whatCannotBeComparedIsNil() throws {
    let labels = Labels(frames: ["1", "0"])
    let lane = try QualityMeter.binary([1, 0], labels: labels, options: options)
    var longer = lane
    try longer.beginRecording(labels)
    #expect(QualityDifference(of: ("lane", lane), minus: ("longer", longer)) == nil)
    let other = try QualityMeter(outputs: ["1", "0"], labels: labels, options: options)
    #expect(QualityDifference(of: ("lane", lane), minus: ("other", other)) == nil)
    let difference = try #require(QualityDifference(of: ("lane", lane), minus: ("lane", lane)))
    #expect(difference.auc == Estimate(value: 0))
  }
}
