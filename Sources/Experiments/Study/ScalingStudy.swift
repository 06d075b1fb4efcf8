import Results
import StreamCore

/// Errors of trained sizes, and what sizes cost from small to far beyond what was trained.
struct ScalingStudy {
  private let pace: StudyPace
  private let limits: MachineLimits?

  init(_ pace: StudyPace, _ limits: MachineLimits?) {
    self.pace = pace
    self.limits = limits
  }

  func figures(_ found: RecognitionRuns.Found) throws -> ScalingFigures {
    let kinds: [(String, (Double) throws -> any ModelConfiguration)] = [
      ("LSTM", Self.lstm), ("Transformer", Self.transformer),
    ]
    var costs: [ScalingFigures.Cost] = []
    for (family, configuration) in kinds {
      for precision in [Precision.f32, .int8] where !pace.isStopped() {
        costs.append(try cost(family, configuration, precision))
      }
    }
    return ScalingFigures(
      trained: found.trained, differences: found.differences, costs: costs)
  }

  private var sizes: [Double] {
    pace.isQuick ? [6e4, 2.5e5, 1e6, 4e6, 1.6e7] : [6e4, 2.5e5, 1e6, 4e6, 1.6e7, 5e7, 1e8]
  }

  private func cost(
    _ family: String, _ configuration: (Double) throws -> any ModelConfiguration,
    _ precision: Precision
  ) throws -> ScalingFigures.Cost {
    var times: [StudyChart.Point] = []
    var floors: [StudyChart.Point] = []
    for size in sizes where !pace.isStopped() {
      let configuration = try configuration(size)
      let parameters = Double(configuration.tensors.reduce(0) { $0 + $1.count })
      var random = RandomTensors()
      let model = configuration.makeModel(
        tensors: random.tensors(configuration.tensors), activation: .none,
        options: ModelOptions(precision: precision))
      let demand = model.callDemand(frames: 1, streams: 1)
      let call = StudyCall(model)
      guard let limits else { continue }
      // In turn with the calls, so that both see the same machine.
      let time = StudyClock.rounds(
        pace.rounds,
        [
          {
            limits.measure(footprint: demand.bytes)
            return StudyClock.timePerCall { call.run() }
          }
        ])[0]
      times.append(StudyChart.Point(parameters, time))
      let floor = Floor(demand, precision: precision, limits).nanoseconds
      floors.append(StudyChart.Point(parameters, Estimate(value: floor)))
    }
    return ScalingFigures.Cost(
      family: family, precision: precision.rawValue, times: times, floors: floors)
  }

  /// Two layers as wide as so many parameters make them.
  private static func lstm(_ parameters: Double) throws -> any ModelConfiguration {
    // 4 h (80 + h) + 4 h (2 h) = 12 h^2 + 320 h.
    let width = (-320 + (320 * 320 + 48 * parameters).squareRoot()) / 24
    return try RecurrentModel.Configuration(
      inputSize: 80, hiddenSize: max(16, Int(width / 8) * 8), layerCount: 2, outputSize: 40)
  }

  /// Four layers with feed-forward layers four times as wide.
  private static func transformer(_ parameters: Double) throws -> any ModelConfiguration {
    // 12 d^2 a layer.
    let width = max(32, Int((parameters / 48).squareRoot() / 32) * 32)
    return try StreamingTransformer.Configuration(
      inputSize: 80, modelSize: width, headCount: max(1, width / 32), feedForwardSize: 4 * width,
      layerCount: 4, outputSize: 40, mask: .causal, chunkSize: 1, leftContext: 128,
      activation: .geluTanh, normEpsilon: 1e-5, rotaryBase: 10_000, maxLeftContext: 128,
      chunkSizes: [])
  }
}
