import PlainText
import StreamCore

/// A signature held against the model that it is for: every input has one source, every shape is known.
struct ONNXPlan: Sendable {
  /// An input of the model, with the shape that a lane gives it.
  struct Input: Sendable {
    let name: String
    let element: ONNXElement
    let shape: [Int]

    var count: Int { shape.reduce(1, *) }
  }

  /// Those that frames go to.
  let frames: [Input]
  let constants: [(input: Input, values: [Double])]
  /// Which of the constants is told the frames of a call; nil for none.
  let validFrames: Int?
  /// Each with the output that is its next value.
  let states: [(input: Input, output: String)]
  let chunk: Int
  let lookAhead: Int
  let output: String

  /// All inputs in the order of a call.
  var inputs: [Input] { frames + constants.map(\.input) + states.map(\.input) }
  /// All outputs that a call asks for, in its order.
  var outputs: [String] { [output] + states.map(\.output) }

  /// Throws what does not fit.
  init(
    _ signature: ONNXSignature, inputs: [ONNXPort], outputs: [ONNXPort]
  ) throws(FileDefect) {
    func port(_ name: String, in ports: [ONNXPort], _ owner: String) throws(FileDefect) -> ONNXPort
    {
      guard let port = ports.first(where: { $0.name == name }) else {
        throw FileDefect(
          "\(owner) is \(name.excerpt), expected one of " + ports.map(\.name).list(atMost: 16))
      }
      return port
    }
    if let large = inputs.first(where: \.isTooLarge) {
      throw FileDefect(
        "its input \(large.text) is too large, expected at most \(ONNXPort.valueLimit.grouped) values"
      )
    }
    chunk = signature.chunk
    lookAhead = signature.lookAhead
    output = signature.output
    let main = try port(signature.output, in: outputs, "signature: outputs: tensor")
    guard main.element == .float else {
      throw FileDefect("signature: outputs: tensor is \(main.text), expected one of float")
    }
    var fed: [ONNXPort] = []
    for name in signature.inputs { fed.append(try port(name, in: inputs, "signature: input")) }
    if let wrong = fed.first(where: { $0.element != .float }) {
      throw FileDefect("signature: input is \(wrong.text), expected one of float")
    }
    var shapes = ONNXShapes()
    frames = try shapes.frames(
      fed, values: signature.frontEnd.frameSize * (signature.splice?.count ?? 1),
      chunk: signature.chunk)
    var constants: [(Input, [Double])] = []
    let counted =
      signature.validFrames.map { [(name: $0, values: [Double(signature.chunk)])] } ?? []
    validFrames = counted.isEmpty ? nil : signature.constants.count
    for (name, values) in signature.constants + counted {
      let owner = "signature: constants: a name"
      guard !signature.inputs.contains(name) else {
        throw FileDefect("\(owner) is \(name.excerpt), which is the input of the frames already")
      }
      constants.append(
        (try shapes.constant(try port(name, in: inputs, owner), values: values), values))
    }
    self.constants = constants
    let taken = signature.inputs + constants.map(\.0.name)
    let rest = inputs.filter { !taken.contains($0.name) }
    let pairs =
      signature.states
      ?? StateNames.pairs(inputs: rest, outputs: outputs.filter { $0.name != signature.output })
    states = try Self.states(
      pairs, signature, inputs: inputs, outputs: outputs, shapes: shapes)
    let left = rest.filter { port in !pairs.contains { $0.input == port.name } }
    guard left.isEmpty else {
      throw FileDefect(
        "signature: nothing says what feeds \(left.map(\.text).joined(separator: ", ")): expected "
          + "it in states or constants (its name pairs with none of the outputs "
          + outputs.map(\.name).list(atMost: 16) + ")")
    }
    guard !states.isEmpty || signature.states != nil else {
      throw FileDefect(
        "it has no states, so that every frame would be the first: expected a streaming model, or "
          + "\"states\": {} in the signature of one that needs no memory")
    }
  }

  private static func states(
    _ pairs: [(input: String, output: String)], _ signature: ONNXSignature, inputs: [ONNXPort],
    outputs: [ONNXPort], shapes: ONNXShapes
  ) throws(FileDefect) -> [(input: Input, output: String)] {
    var states: [(Input, String)] = []
    for (name, next) in pairs {
      let owner = "signature: states: \(name.excerpt)"
      guard !signature.inputs.contains(name) else {
        throw FileDefect("\(owner) is what frames go to, expected an input that carries a state")
      }
      guard name != signature.validFrames, !signature.constants.contains(where: { $0.name == name })
      else {
        throw FileDefect("\(owner) is a constant, expected an input that carries a state")
      }
      guard next != signature.output else {
        throw FileDefect(
          "\(owner) is paired to \(next.excerpt), the output of the frames, expected a state")
      }
      guard let input = inputs.first(where: { $0.name == name }) else {
        throw FileDefect(
          "\(owner) is no input, expected one of " + inputs.map(\.name).list(atMost: 16))
      }
      guard let output = outputs.first(where: { $0.name == next }) else {
        throw FileDefect(
          "\(owner) is paired to \(next.excerpt), expected one of the outputs "
            + outputs.map(\.name).list(atMost: 16))
      }
      guard !states.contains(where: { $0.1 == next }) else {
        throw FileDefect("\(owner) is paired to \(next.excerpt), which is another state's already")
      }
      guard let element = input.element, element.byteCount != nil, output.element == element
      else {
        throw FileDefect(
          "\(owner) is \(input.text) and its next value \(output.text), expected numbers of one type"
        )
      }
      states.append(
        (Input(name: name, element: element, shape: try shapes.state(input)), next))
    }
    return states
  }
}

/// The sizes of open axes, as far as they follow from what a lane gives.
struct ONNXShapes {
  /// Of named axes, by what frames make of them.
  private var sizes: [String: Int] = [:]

  /// The inputs of the frames, between which the values of a frame are divided: as many as its shape says
  /// for each; the inputs with an open axis beside the batch share what is left.
  mutating func frames(
    _ ports: [ONNXPort], values: Int, chunk: Int
  ) throws(FileDefect) -> [ONNXPlan.Input] {
    guard values * chunk <= ONNXPort.valueLimit else {
      throw FileDefect(
        "signature: chunk is \(chunk), expected at most \(ONNXPort.valueLimit.grouped) values in one"
      )
    }
    let shapes = ports.map { Self.withoutBatch($0, isOfFrames: true) }
    let known = zip(ports, shapes).map { port, shape in
      shape.contains { $0 < 0 } ? nil : shape.reduce(1, *)
    }
    let open = known.count { $0 == nil }
    let left = values * chunk - known.compactMap(\.self).reduce(0, +)
    guard open == 0 ? left == 0 : left > 0 && left % open == 0 else {
      throw FileDefect(
        "signature: input takes \(ports.map(\.text).joined(separator: ", ")), expected "
          + (chunk == 1
            ? "\(values) values, those of a frame" : "\(values) values of \(chunk) frames"))
    }
    var inputs: [ONNXPlan.Input] = []
    for (port, shape) in zip(ports, shapes) {
      let product = shape.filter { $0 >= 0 }.reduce(1, *)
      let openAxes = shape.indices.filter { shape[$0] < 0 }
      let share = left / max(1, open)
      guard openAxes.count <= 1, openAxes.isEmpty || share % product == 0 else {
        throw FileDefect(
          "signature: input is \(port.text), expected \(openAxes.isEmpty ? values : share) values in "
            + "it and no other open axis than the batch and the samples")
      }
      var closed = shape
      for axis in openAxes {
        closed[axis] = share / product
        if case .open(let name) = port.axes[axis], !name.isEmpty { sizes[name] = closed[axis] }
      }
      guard closed.reduce(1, *) % chunk == 0 else {
        throw FileDefect(
          "signature: chunk is \(chunk), expected one that divides the values of \(port.text)")
      }
      inputs.append(ONNXPlan.Input(name: port.name, element: .float, shape: closed))
    }
    return inputs
  }

  /// A constant input, whose one open axis is as long as its values are many.
  func constant(
    _ port: ONNXPort, values: [Double]
  ) throws(FileDefect) -> ONNXPlan.Input {
    var shape = Self.withoutBatch(port)
    if let axis = shape.firstIndex(where: { $0 < 0 }) { shape[axis] = values.count }
    let count = shape.reduce(1, *)
    guard let element = port.element, !shape.contains(where: { $0 < 0 }),
      values.count == 1 || values.count == count
    else {
      throw FileDefect(
        "signature: constants: \(port.text) has \(values.count) values, expected one for all or each"
      )
    }
    return ONNXPlan.Input(name: port.name, element: element, shape: shape)
  }

  /// A state, whose size must be known before the first frame.
  func state(_ port: ONNXPort) throws(FileDefect) -> [Int] {
    var shape = Self.withoutBatch(port)
    for axis in shape.indices where shape[axis] < 0 {
      guard case .open(let name) = port.axes[axis], let size = sizes[name] else {
        throw FileDefect(
          "the shape of its state \(port.text) is left open, expected sizes that never change (only "
            + "the batch may be open)")
      }
      shape[axis] = size
    }
    return shape
  }

  /// The sizes with a batch of one; what is open beside it is -1. The batch is the axis of that name, or one
  /// without a name: of frames the first of several axes, of other inputs the first that is open.
  private static func withoutBatch(_ port: ONNXPort, isOfFrames: Bool = false) -> [Int] {
    var isKnown = false
    return port.axes.enumerated().map { index, axis in
      guard case .open(let name) = axis else {
        if case .fixed(let size) = axis { return size }
        return -1
      }
      let isBatch =
        name.isEmpty
        ? !isKnown && (!isOfFrames || index == 0 && port.axes.count > 1)
        : name.lowercased().contains("batch") || ["N", "B"].contains(name)
      isKnown = isKnown || isBatch
      return isBatch ? 1 : -1
    }
  }
}
