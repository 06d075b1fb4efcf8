import Testing

@testable import Quality

/// Figures of scikit-learn 1.9.1 on the same numbers, which both make with `Uniform`:
/// ```python
/// def uniform(count, x=1):
///     for _ in range(count):
///         x = (1103515245 * x + 12345) % 2**31
///         yield x / 2**31
/// ```
@Suite struct ScikitLearnTests {
  private let options = QualityOptions(framePeriod: 0.01, frameOffset: 0.005)

  /// ```python
  /// u = np.array(list(uniform(2000))).reshape(1000, 2)
  /// label = (u[:, 0] < 0.3).astype(int)
  /// score = np.float32(np.round((0.35 * label + 0.65 * u[:, 1]) * 20) / 20)
  /// said = (score > np.float32(0.5)).astype(int)
  /// roc_auc_score(label, score), accuracy_score(label, said), f1_score(label, said)
  /// ```
  @Test func binary() throws {
    var uniform = Uniform()
    var labels: [String?] = []
    var scores: [Float] = []
    for _ in 0..<1000 {
      let isPositive = uniform.next() < 0.3
      labels.append(isPositive ? "1" : "0")
      let score = (0.35 * (isPositive ? 1 : 0) + 0.65 * uniform.next()) * 20
      scores.append(Float(score.rounded(.toNearestOrEven) / 20))
    }
    let summary = try QualityMeter.binary(scores, labels: Labels(frames: labels), options: options)
      .summary()
    #expect(abs(try #require(summary.auc).value - 0.8903229847179666) < 1e-14)
    #expect(summary.accuracy?.value == 0.788)
    #expect(abs(try #require(summary.f1).value - 0.6697819314641744) < 1e-14)
  }

  /// ```python
  /// u = np.array(list(uniform(4000))).reshape(1000, 4)
  /// label = (u[:, 0] * 3).astype(int)
  /// score = np.float32(u[:, 1:] + 0.3 * np.eye(3)[label])
  /// said = score.argmax(1)
  /// np.mean([roc_auc_score(label == c, score[:, c]) for c in range(3)])
  /// accuracy_score(label, said), f1_score(label, said, average="macro")
  /// f1_score(label, said, average=None)
  /// ```
  @Test func multiClass() throws {
    var uniform = Uniform()
    var labels: [String?] = []
    var scores: [[Float]] = []
    for _ in 0..<1000 {
      let label = Int(uniform.next() * 3)
      labels.append("\(label)")
      scores.append((0..<3).map { Float(uniform.next() + 0.3 * ($0 == label ? 1 : 0)) })
    }
    var meter = try QualityMeter(
      outputs: ["0", "1", "2"], labels: Labels(frames: labels), options: options)
    meter.add(scores)
    let summary = meter.summary()
    #expect(abs(try #require(summary.auc).value - 0.7448332654999322) < 1e-14)
    #expect(summary.accuracy?.value == 0.6)
    #expect(abs(try #require(summary.f1).value - 0.6000643749651827) < 1e-14)
    let classes = [0.59574468, 0.59562044, 0.60882801]
    for (found, expected) in zip(summary.classes, classes) {
      #expect(abs(try #require(found.f1).value - expected) < 1e-8)
    }
  }
}
