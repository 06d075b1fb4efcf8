/// Which output of a model is the next call's value of which input, by the words that exporters put before
/// and behind a state's name. Shapes decide nothing: audio and states often have the same.
enum StateNames {
  /// The pairs of those whose names agree but for such words, and whose elements are of one type. A name
  /// that fits more than one on the other side has no pair.
  static func pairs(
    inputs: [ONNXPort], outputs: [ONNXPort]
  ) -> [(input: String, output: String)] {
    inputs.compactMap { input in
      let own = stem(ofInput: input.name)
      let fitting = outputs.filter { stem(ofOutput: $0.name) == own }
      guard fitting.count == 1, fitting[0].element == input.element,
        inputs.count(where: { stem(ofInput: $0.name) == own }) == 1
      else { return nil }
      return (input.name, fitting[0].name)
    }
  }

  private static func stem(ofInput name: String) -> String {
    for prefix in ["past_key_values.", "input_"] where name.hasPrefix(prefix) {
      return String(name.dropFirst(prefix.count))
    }
    return name
  }

  private static func stem(ofOutput name: String) -> String {
    for prefix in ["present.", "output_", "new_", "next_"] where name.hasPrefix(prefix) {
      return String(name.dropFirst(prefix.count))
    }
    for suffix in ["_out", "_new", "N"] where name.hasSuffix(suffix) {
      return String(name.dropLast(suffix.count))
    }
    // NeMo has it before a length, as in cache_last_channel_next_len, and at the end.
    if let word = name.firstRange(of: "_next_") {
      return name[..<word.lowerBound] + "_" + name[word.upperBound...]
    }
    return name.hasSuffix("_next") ? String(name.dropLast(5)) : name
  }
}
