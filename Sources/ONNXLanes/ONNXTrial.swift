import PlainText

/// What is found out about a model by running it before it is a lane.
struct ONNXTrial {
  let session: ONNXSession
  let plan: ONNXPlan

  /// Calls within which every state must have changed.
  private static let callLimit = 64

  /// The shape of the lane's output, which a file may leave open; throws where a state comes out in another
  /// shape than it went in, and for a call that fails.
  func outputShape() throws(FileDefect) -> [Int] {
    let shapes: [[Int]]
    do throws(ONNXFailure) {
      let runtime = session.runtime
      var tensors: [ONNXTensor] = []
      for input in plan.frames {
        tensors.append(
          try ONNXTensor(shape: input.shape, element: input.element, runtime: runtime))
      }
      tensors += try plan.constantTensors(runtime)
      for state in plan.states {
        tensors.append(
          try ONNXTensor(
            shape: state.input.shape, element: state.input.element, runtime: runtime))
      }
      shapes = try session.outputShapes(
        inputs: tensors, named: ONNXNames(plan.inputs.map(\.name)),
        outputs: ONNXNames(plan.outputs))
    } catch {
      throw FileDefect("its first call fails: \(error.reason)")
    }
    for (state, shape) in zip(plan.states, shapes.dropFirst())
    where state.input.shape != shape {
      throw FileDefect(
        "its state \(state.input.name.excerpt) goes in as \(state.input.shape) and comes out of "
          + "\(state.output.excerpt) as \(shape), expected one shape")
    }
    let count = shapes[0].reduce(1, *)
    guard count > 0, count % plan.chunk == 0 else {
      throw FileDefect(
        "its output \(plan.output.excerpt) is \(shapes[0]), expected values for each of the "
          + "\(plan.chunk) frames of a call")
    }
    return shapes[0]
  }

  /// Runs two streams from zero states on the same noise: the same bits come out, or it throws; and every
  /// state changes.
  func run(_ model: ONNXModel) throws(FileDefect) {
    let first: ONNXStream
    let second: ONNXStream
    do throws(ONNXFailure) {
      (first, second) = (try ONNXStream(model), try ONNXStream(model))
    } catch {
      throw FileDefect("its tensors cannot be made: \(error.reason)")
    }
    let capacity = first.outputCapacity(forFrames: model.chunkSize) * model.outputSize
    var outputs = [Float](repeating: 0, count: capacity)
    var again = outputs
    var idle = Set(plan.states.indices)
    var noise = SmallNoise()
    var calls = 0
    repeat {
      let frames = noise.values(model.chunkSize * model.inputSize)
      Self.run(first, frames, into: &outputs)
      Self.run(second, frames, into: &again)
      calls += 1
      if let failure = model.failure { throw FileDefect("its call \(calls) fails: \(failure)") }
      let isSame =
        zip(outputs, again).allSatisfy { $0.bitPattern == $1.bitPattern }
        && zip(first.currentStates, second.currentStates).allSatisfy { $0.equals($1) }
      guard isSame else {
        throw FileDefect(
          "two runs of it from zero states differ in call \(calls), expected the same bits")
      }
      idle = idle.filter { first.currentStates[$0].equals(first.formerStates[$0]) }
    } while !idle.isEmpty && calls < Self.callLimit || calls < 2
    if let index = idle.min() {
      throw FileDefect(
        "its state \(plan.states[index].input.name.excerpt) never changes in \(calls) calls on noise, "
          + "expected one that \(plan.states[index].output.excerpt) moves on")
    }
  }

  private static func run(_ stream: ONNXStream, _ frames: [Float], into outputs: inout [Float]) {
    var room = outputs.mutableSpan
    _ = stream.process(frames.span, into: &room)
  }
}

/// Numbers from -0.25 to 0.25 that are the same in every run.
private struct SmallNoise {
  private var state: UInt32 = 1

  mutating func values(_ count: Int) -> [Float] {
    (0..<count).map { _ in
      // A generator of Numerical Recipes; its upper bits are good enough.
      state = state &* 1_664_525 &+ 1_013_904_223
      return (Float(state >> 8) / Float(1 << 24) - 0.5) / 2
    }
  }
}
