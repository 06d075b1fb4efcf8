import Testing

@testable import StreamCore

/// A recording at once gives what streams give, but for the last bits.
@Suite("LSTM over a recording") struct WholeLSTMTests {
  @Test(arguments: [(0, 1), (24, 2)])
  func equalsStreams(projection: Int, layers: Int) throws {
    let configuration = try RecurrentModel.Configuration(
      inputSize: 12, projectionSize: projection, hiddenSize: 20, layerCount: layers, outputSize: 3)
    var tensors: [String: [Float]] = [:]
    for (number, tensor) in configuration.tensors.enumerated() {
      tensors[tensor.name] = (0..<tensor.count).map {
        Float(($0 * 7_919 + number * 104_729) % 1_999 - 999) / 3_000
      }
    }
    let frames = 37
    let input = (0..<frames * 12).map { Float(($0 * 31) % 97 - 48) / 50 }
    var expected = [Float](repeating: 0, count: frames * 3)
    var streams = RecurrentModel(configuration: configuration, tensors: tensors).makeStreams()
    var span = expected.mutableSpan
    #expect(streams.process(input.span, into: &span) == frames)

    let whole = WholeLSTM(configuration, tensors: tensors, frames: frames)
    // Twice: the second time begins anew.
    for _ in 0..<2 {
      var found = [Float](repeating: 0, count: frames * 3)
      whole.begin(input.span)
      for layer in 0..<whole.layerCount {
        whole.multiplyInputs(layer: layer, frames: 0..<20)
        whole.multiplyInputs(layer: layer, frames: 20..<frames)
        whole.step(layer: layer)
      }
      var room = found.mutableSpan
      whole.finish(into: &room)
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 })
      #expect(expected.contains { abs($0) > 0.05 })
    }
  }
}
