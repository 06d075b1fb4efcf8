import StreamCore

/// One stream of an ONNX model: its tensors, made once. A call reads the states from one set and writes
/// them to the other, which the next call reads.
@safe final class ONNXStream: FrameProcessor {
  private let model: ONNXModel
  private let frames: [ONNXTensor]
  private let constants: [ONNXTensor]
  /// Two sets.
  private let states: [[ONNXTensor]]
  private let output: ONNXTensor
  /// What a call takes and gives, for each set that it reads from.
  @unsafe private let calls:
    [(inputs: UnsafeMutablePointer<OpaquePointer?>, outputs: UnsafeMutablePointer<OpaquePointer?>)]
  /// The set that the next call reads.
  private var turn = 0
  /// Frames that wait for the call of their chunk, and how many of them are the stream's.
  private var pending = 0
  private var valid = 0
  /// Frames since the start or a reset: given, and with an output that was handed on.
  private var given = 0
  private var delivered = 0
  /// Outputs that calls made, those before the first frame included.
  private var made = 0

  init(_ model: ONNXModel) throws(ONNXFailure) {
    self.model = model
    let runtime = model.session.runtime
    func tensors(_ inputs: [ONNXPlan.Input]) throws(ONNXFailure) -> [ONNXTensor] {
      var tensors: [ONNXTensor] = []
      for input in inputs {
        tensors.append(
          try ONNXTensor(shape: input.shape, element: input.element, runtime: runtime))
      }
      return tensors
    }
    let plan = model.plan
    frames = try tensors(plan.frames)
    constants = try plan.constantTensors(runtime)
    states = [try tensors(plan.states.map(\.input)), try tensors(plan.states.map(\.input))]
    output = try ONNXTensor(shape: model.outputShape, element: .float, runtime: runtime)
    let tensors = (frames: frames + constants, output: output, states: states)
    unsafe calls = (0...1).map { turn in
      unsafe (
        inputs: ONNXTensor.list(tensors.frames + tensors.states[turn]),
        outputs: ONNXTensor.list([tensors.output] + tensors.states[1 - turn])
      )
    }
  }

  deinit {
    for turn in unsafe calls.indices {
      unsafe calls[turn].inputs.deallocate()
      unsafe calls[turn].outputs.deallocate()
    }
  }

  var inputSize: Int { model.inputSize }
  var outputSize: Int { model.outputSize }
  var chunkSize: Int { model.chunkSize }
  var algorithmicLatency: Int { model.algorithmicLatency }

  func outputCapacity(forFrames count: Int) -> Int { count + algorithmicLatency }

  /// Of the states that are `float`.
  var stateNorm: Double? {
    let floats = states[turn].filter { $0.element == .float }
    guard !floats.isEmpty else { return nil }
    var sum = 0.0
    for state in floats {
      for index in 0..<state.byteCount / MemoryLayout<Float>.stride {
        let value = Double(unsafe state.floats[index])
        sum += value * value
      }
    }
    return sum.squareRoot()
  }

  func process(_ input: Span<Float>, into room: inout MutableSpan<Float>) -> Int {
    let count = input.count / inputSize
    precondition(input.count == count * inputSize, "frames must be [frames, inputSize]")
    precondition(
      room.count >= outputCapacity(forFrames: count) * outputSize, "no room for the outputs")
    var written = 0
    for frame in 0..<count {
      given += 1
      valid += 1
      take(input, at: frame * inputSize)
      written += runIfFull(into: &room, after: written)
    }
    return written
  }

  /// Runs on zeros until every frame has its output: the rest of a chunk, and what is looked ahead at.
  func finish(into room: inout MutableSpan<Float>) -> Int {
    var written = 0
    while delivered < given {
      take(nil, at: 0)
      written += runIfFull(into: &room, after: written)
    }
    return written
  }

  /// Nothing: a model that counts its frames does not learn of those that are skipped.
  func advance(frames: Int, stream: Int) {}

  /// Begins anew from zero states, wherever that is.
  func reset(stream: Int, at position: UInt64) {
    precondition(stream == 0, "no such stream")
    for state in states[turn] { state.zero() }
    (pending, valid, given, delivered, made) = (0, 0, 0, 0, 0)
  }

  func waitingFrames(stream: Int) -> Int? { given - delivered }

  /// The frames that wait, and the states that the next call reads.
  func exchange(stream: Int, with archive: inout StateArchive) {
    precondition(stream == 0, "no such stream")
    for tensor in frames {
      unsafe archive.memory(tensor.bytes, byteCount: tensor.byteCount)
    }
    for tensor in states[turn] {
      unsafe archive.memory(tensor.bytes, byteCount: tensor.byteCount)
    }
    archive.value(&pending)
    archive.value(&valid)
    archive.value(&given)
    archive.value(&delivered)
    archive.value(&made)
    archive.check((0..<model.chunkSize).contains(pending) && valid <= pending && valid >= 0)
    archive.check(delivered >= 0 && delivered <= given && made >= 0)
  }

  /// Puts the values of one frame, or zeros, where the inputs have them.
  private func take(_ input: Span<Float>?, at start: Int) {
    var start = start
    for (tensor, share) in zip(frames, model.shares) {
      let place = unsafe tensor.floats + pending * share
      for index in 0..<share { unsafe place[index] = input?[start + index] ?? 0 }
      start += share
    }
    pending += 1
  }

  /// Runs a whole chunk and hands on the outputs of frames; returns how many.
  private func runIfFull(into room: inout MutableSpan<Float>, after written: Int) -> Int {
    guard pending == model.chunkSize else { return 0 }
    pending = 0
    run()
    var count = 0
    for index in 0..<model.chunkSize {
      made += 1
      // Outputs of before the first frame, and after the last one.
      guard made > model.plan.lookAhead, delivered < given else { continue }
      for value in 0..<outputSize {
        room[(written + count) * outputSize + value] = unsafe output.floats[
          index * outputSize + value]
      }
      delivered += 1
      count += 1
    }
    return count
  }

  private func run() {
    if let index = model.plan.validFrames {
      _ = unsafe constants[index].element.write(Double(valid), to: constants[index].bytes)
    }
    valid = 0
    let call = unsafe calls[turn]
    let status = unsafe model.session.run(
      inputs: call.inputs, named: model.inputNames, outputs: call.outputs,
      named: model.outputNames)
    turn = 1 - turn
    let values = model.chunkSize * outputSize
    do throws(ONNXFailure) {
      try unsafe model.session.runtime.functions.check(status)
      unsafe model.signature.activation.apply(
        to: output.floats, rows: model.chunkSize, size: outputSize)
    } catch {
      model.note(error)
      unsafe output.floats.update(repeating: .nan, count: values)
    }
  }
}

extension ONNXStream {
  /// What a trial compares: the states that the next call reads.
  var currentStates: [ONNXTensor] { states[turn] }

  /// Those that the last call read.
  var formerStates: [ONNXTensor] { states[1 - turn] }
}

extension ONNXTensor {
  /// Their values side by side, as a call takes them.
  @unsafe static func list(_ tensors: [ONNXTensor]) -> UnsafeMutablePointer<OpaquePointer?> {
    let list = UnsafeMutablePointer<OpaquePointer?>.allocate(capacity: max(1, tensors.count))
    for (index, tensor) in tensors.enumerated() {
      unsafe (list + index).initialize(to: tensor.value)
    }
    return unsafe list
  }
}

extension ONNXPlan {
  /// The constants, filled. Throws for a value that the input's type does not hold.
  func constantTensors(_ runtime: ONNXRuntime) throws(ONNXFailure) -> [ONNXTensor] {
    var tensors: [ONNXTensor] = []
    for (input, values) in constants {
      let tensor = try ONNXTensor(shape: input.shape, element: input.element, runtime: runtime)
      let size = input.element.byteCount ?? 0
      for index in 0..<input.count {
        let value = values[values.count == 1 ? 0 : index]
        guard unsafe input.element.write(value, to: tensor.bytes + index * size) else {
          throw ONNXFailure(
            reason: "\(input.element) of constant \(input.name) does not hold \(value)")
        }
      }
      tensors.append(tensor)
    }
    return tensors
  }
}
