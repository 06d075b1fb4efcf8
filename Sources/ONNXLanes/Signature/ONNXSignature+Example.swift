import PlainText

extension ONNXSignature {
  /// That of a model whose inputs and outputs have the names of a well-known one; nil for any other.
  ///
  /// Names alone decide, and all of them must be there: what merely has the same shapes is another model.
  init?(knownBy session: ONNXSession) throws(FileDefect) {
    func names(_ ports: [ONNXPort]) -> Set<String> { Set(ports.map(\.name)) }
    guard names(session.inputs) == ["input", "state", "sr"],
      names(session.outputs) == ["output", "stateN"]
    else { return nil }
    try self.init(
      """
      {"sample_rate": 16000, "hop": 512, "context": 64, "input": "input",
       "constants": {"sr": 16000}, "outputs": {"tensor": "output", "labels": ["speech"]}}
      """, origin: .names(of: "Silero VAD"))
  }

  /// A signature to fill in: what names can tell stands in it, and "?" where somebody has to know.
  static func example(inputs: [ONNXPort], outputs: [ONNXPort]) -> JSONValue {
    let pairs = StateNames.pairs(inputs: inputs, outputs: outputs)
    let feeds = inputs.filter { port in !pairs.contains { $0.input == port.name } }
    let gives = outputs.filter { port in !pairs.contains { $0.output == port.name } }
    // What is no float, or a single number, is rarely what frames go to.
    let isFrame = { (port: ONNXPort) in port.element == .float && !port.axes.isEmpty }
    let frames = feeds.first(where: isFrame)?.name ?? inputs.first?.name ?? ""
    let constants = feeds.filter { !isFrame($0) && $0.name != frames }
    let unpaired = feeds.filter { isFrame($0) && $0.name != frames }
    let output = gives.count == 1 ? gives[0].name : "?"
    let states = pairs.map { ($0.input, $0.output) } + unpaired.map { ($0.name, "?") }
    return .object([
      ("sample_rate", .string("?")), ("hop", .string("?")), ("context", .integer(0)),
      ("input", .string(frames)),
      ("constants", .object(constants.map { ($0.name, .string("?")) })),
      ("states", .object(states.map { ($0, .string($1)) })),
      (
        "outputs",
        .object([
          ("tensor", .string(output)), ("activation", .string("none")),
          ("labels", .array([.string("?")])),
        ])
      ),
    ])
  }
}
