import StreamCore
import Testing

@testable import Experiments

/// What is looked at is what streams compute.
@Suite("Attention to look at") struct AttentionTraceTests {
  @Test(arguments: StreamingTransformer.Activation.allCases)
  func equalsStreams(activation: StreamingTransformer.Activation) throws {
    let configuration = try StreamingTransformer.Configuration(
      inputSize: 6, modelSize: 16, headCount: 2, feedForwardSize: 24, layerCount: 2, outputSize: 3,
      mask: .causal, chunkSize: 1, leftContext: 5, activation: activation, normEpsilon: 1e-5,
      rotaryBase: 10_000, maxLeftContext: 5, chunkSizes: [])
    var random = RandomTensors()
    let tensors = random.tensors(configuration.tensors)
    let frames = random.values(20 * 6)
    let expected = StudyStream(StreamingTransformer(configuration: configuration, tensors: tensors))
      .outputs(frames)
    let trace = try #require(AttentionTrace(configuration, tensors: tensors, frames: frames))
    #expect(trace.outputs.count == expected.count && expected.count == 60)
    #expect(zip(trace.outputs, expected).allSatisfy { abs($0 - Double($1)) < 1e-4 })
    for head in trace.weights.joined() {
      #expect(abs(head.reduce(0, +) - 1) < 1e-9)
      #expect(head.count == 6 && head.allSatisfy { $0 > 0 })
    }
  }

  @Test func refusesWhatItDoesNotKnow() throws {
    var options = StreamingTransformer.Options()
    options.positions = .none
    let configuration = try StreamingTransformer.Configuration(
      inputSize: 6, modelSize: 16, headCount: 2, feedForwardSize: 24, layerCount: 1, outputSize: 3,
      mask: .causal, chunkSize: 1, leftContext: 5, activation: .relu, normEpsilon: 1e-5,
      rotaryBase: 10_000, maxLeftContext: 5, chunkSizes: [], options: options)
    #expect(AttentionTrace(configuration, tensors: [:], frames: []) == nil)
  }
}
