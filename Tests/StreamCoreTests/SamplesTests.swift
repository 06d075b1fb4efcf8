import StreamCore
import Testing

/// Raw windows; the golden file lstm-h16-l1-samples holds them against `torch.Tensor.unfold`.
@Suite("Samples as frames")
struct SamplesTests {
  @Test("A frame is its hop behind its context, zeros before the start")
  func frames() throws {
    let samples = try Samples(sampleRate: 16_000, hop: 2, context: 3)
    let given = outputs(of: samples.makeStream(), for: [1, 2, 3, 4, 5, 6, 7])
    #expect(given == [0, 0, 0, 1, 2, 0, 1, 2, 3, 4, 2, 3, 4, 5, 6])
    #expect(samples.window == 2)
  }

  @Test("Every channel has its own row", arguments: [[1], [2], [5, 1], [12]])
  func channels(callSizes: [Int]) throws {
    let samples = try Samples(sampleRate: 100, channels: 2, hop: 4, context: 1)
    let values = (0..<24).map { Float($0) }
    let given = outputs(of: samples.makeStream(), for: values, callSizes: callSizes)
    #expect(given.count == 3 * 10)
    #expect(given[10..<20] == [6, 8, 10, 12, 14, 7, 9, 11, 13, 15])
  }

  @Test("A reset stream has no context")
  func reset() throws {
    var stream = try Samples(sampleRate: 100, hop: 2, context: 2).makeStream()
    var room = [Float](repeating: .nan, count: 8)
    var span = room.mutableSpan
    let first: [Float] = [1, 2, 3]
    _ = stream.process(first.span, into: &span)
    stream.reset(stream: 0, at: 40)
    let after = outputs(of: stream, for: [7, 8])
    #expect(after == [0, 0, 7, 8])
  }

  @Test("Sizes that cannot be")
  func sizes() {
    #expect(throws: ConfigurationError.self) { try Samples(sampleRate: 1, hop: 0) }
    #expect(throws: ConfigurationError.self) { try Samples(sampleRate: 1, hop: 4, context: -1) }
    #expect(throws: ConfigurationError.self) {
      try Samples(sampleRate: 1, channels: 65_536, hop: 65_536)
    }
  }
}
