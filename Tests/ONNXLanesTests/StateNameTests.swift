import Testing

@testable import ONNXLanes

/// Names as the models have them that people run: sherpa's, NeMo's, GTCRN, Silero, optimum's.
@Suite("Pairing states by name")
struct StateNameTests {
  static let known: [(input: String, output: String)] = [
    ("state", "stateN"), ("conv_cache", "conv_cache_out"), ("input_state", "output_state"),
    ("cached_key_0", "new_cached_key_0"), ("cache_last_channel", "cache_last_channel_next"),
    ("cache_last_channel_len", "cache_last_channel_next_len"),
    ("cache_last_channel_len", "cache_last_channel_len_next"), ("h", "next_h"),
    ("past_key_values.0.key", "present.0.key"), ("c", "c_new"), ("hidden", "output_hidden"),
  ]

  private static func port(_ name: String, _ element: ONNXElement = .float) -> ONNXPort {
    ONNXPort(name: name, element: element, axes: [.fixed(4)])
  }

  @Test("Known pairs", arguments: known.indices)
  func knownPairs(index: Int) {
    let (input, output) = Self.known[index]
    let pairs = StateNames.pairs(
      inputs: [Self.port("input"), Self.port(input)],
      outputs: [Self.port("enh"), Self.port(output)])
    #expect(pairs.map(\.input) == [input])
    #expect(pairs.map(\.output) == [output])
  }

  @Test("Shapes decide nothing: equal ones without such names have no pair")
  func otherNames() {
    let pairs = StateNames.pairs(
      inputs: [Self.port("input_3"), Self.port("mix")],
      outputs: [Self.port("tf_op_layer_stack_2"), Self.port("enh")])
    #expect(pairs.isEmpty)
  }

  @Test("Two that fit, and elements of two types, have no pair")
  func unclear() {
    #expect(
      StateNames.pairs(
        inputs: [Self.port("h")], outputs: [Self.port("h_out"), Self.port("new_h")]
      ).isEmpty)
    #expect(
      StateNames.pairs(inputs: [Self.port("h")], outputs: [Self.port("h_out", .double)]).isEmpty)
    #expect(
      StateNames.pairs(
        inputs: [Self.port("h"), Self.port("input_h")], outputs: [Self.port("h_out")]
      ).isEmpty)
  }
}
