internal import CStreamKernels

extension RecurrentModel {
  /// The state of streams that advance together: h and c of every layer, `[streams, hiddenSize]` each.
  @safe public struct Streams: ~Copyable, FrameProcessor {
    public let model: RecurrentModel
    public let streamCount: Int
    /// Per layer [x; h] `[streams, stateStride]` and c `[streams, hiddenSize]`.
    private let state: FloatBuffer
    /// The new h of a layer `[streams, hiddenSize]`.
    private let hidden: FloatBuffer
    /// Reduced activations of one product; empty for f32.
    private let codes: MemoryBlock
    private let steps: [Step]
    private let kernels: Kernels

    init(model: RecurrentModel, count: Int, kernels: Kernels) {
      precondition(count > 0, "a stream count must be at least 1")
      self.model = model
      self.kernels = kernels
      streamCount = count
      var size = 0
      var offsets: [(state: Int, cell: Int)] = []
      for layer in model.layers {
        let width = Self.stateStride(layer)
        offsets.append((size, size + count * width))
        size += count * (width + layer.hiddenSize)
      }
      state = FloatBuffer(count: size)
      hidden = FloatBuffer(count: count * model.configuration.hiddenSize)
      codes = MemoryBlock(byteCount: Self.codeBytes(model: model, count: count))
      let base = unsafe state.base
      unsafe steps = model.layers.indices.map { index in
        let layer = model.layers[index]
        let hasNext = index + 1 < model.layers.count
        return unsafe Step(
          gates: layer.gates.descriptor, hiddenSize: layer.hiddenSize,
          state: base + offsets[index].state, stateStride: Self.stateStride(layer),
          cell: base + offsets[index].cell,
          next: hasNext ? base + offsets[index + 1].state : nil,
          nextStride: hasNext ? Self.stateStride(model.layers[index + 1]) : 0)
      }
    }

    private static func codeBytes(model: RecurrentModel, count: Int) -> Int {
      let widest = max(
        model.configuration.inputSize, model.layers.map(\.gates.columnCount).max() ?? 0)
      return model.precision == .f32 ? 0 : ck_product_scratch_bytes(widest, count)
    }

    /// What the state and scratch of so many streams take.
    static func byteCount(model: RecurrentModel, count: Int) -> Int {
      let floats = model.layers.reduce(model.configuration.hiddenSize) {
        $0 + stateStride($1) + $1.hiddenSize
      }
      return count * floats * MemoryLayout<Float>.stride + codeBytes(model: model, count: count)
    }

    /// Floats from stream to stream, so that streams do not share cache sets.
    private static func stateStride(_ layer: LSTM) -> Int {
      (layer.inputSize + layer.hiddenSize + 15) / 16 * 16 + 16
    }

    public var inputSize: Int { model.configuration.inputSize }
    public var outputSize: Int { model.configuration.outputSize }
    public var algorithmicLatency: Int { 0 }

    /// Of h and c of all layers.
    public var stateNorm: Double? {
      var sum = 0.0
      for index in 0..<model.layers.count {
        let step = unsafe steps[index]
        let hidden = unsafe step.state + model.layers[index].inputSize
        for unit in 0..<model.layers[index].hiddenSize {
          let (h, c) = unsafe (Double(hidden[unit]), Double(step.cell[unit]))
          sum += h * h + c * c
        }
      }
      return sum.squareRoot()
    }

    /// Bytes of state and scratch, all streams.
    public var stateBytes: Int { state.byteCount + hidden.byteCount + codes.byteCount }

    public func outputCapacity(forFrames count: Int) -> Int { count }

    public mutating func process(
      _ frames: Span<Float>, into output: inout MutableSpan<Float>
    ) -> Int {
      let count = frames.count / (streamCount * inputSize)
      precondition(
        frames.count == count * streamCount * inputSize,
        "frames must be [frames, streams, inputSize]")
      let mode = ck_enter()
      defer { ck_leave(mode) }
      precondition(
        output.count >= count * streamCount * outputSize, "no room for the output frames")
      unsafe frames.withUnsafeBufferPointer { source in
        unsafe output.withUnsafeMutableBufferPointer { destination in
          guard let x = source.baseAddress, let y = destination.baseAddress else {
            return
          }
          for frame in 0..<count {
            unsafe step(
              x + frame * streamCount * inputSize, into: y + frame * streamCount * outputSize)
          }
        }
      }
      return count
    }

    public mutating func finish(into output: inout MutableSpan<Float>) -> Int { 0 }

    /// The state stays as it is: skipped frames were never seen.
    public mutating func advance(frames: Int, stream: Int) {
      precondition(frames >= 0 && stream < streamCount, "no such stream")
    }

    public mutating func reset(stream: Int, at position: UInt64) {
      precondition(stream >= 0 && stream < streamCount, "no such stream")
      for index in unsafe steps.indices {
        let step = unsafe steps[index]
        unsafe (step.state + stream * step.stateStride).update(
          repeating: 0, count: step.stateStride)
        unsafe (step.cell + stream * step.hiddenSize).update(repeating: 0, count: step.hiddenSize)
      }
    }

    /// One frame of every stream.
    @unsafe private func step(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>) {
      let table = unsafe kernels.table
      unsafe enter(x)
      for index in unsafe steps.indices {
        let step = unsafe steps[index]
        unsafe table.pointee.lstm_step(
          step.gates, step.hiddenSize, step.state, step.stateStride, streamCount, step.cell,
          hidden.base, step.next, step.nextStride, codes.base)
      }
      unsafe table.pointee.product(
        model.head.matrix.descriptor, hidden.base, model.configuration.hiddenSize, streamCount, y,
        outputSize, ck_epilogue(CK_STORE), codes.base)
      unsafe kernels.activate(y, rows: streamCount, size: outputSize, as: model.activation)
    }

    /// Puts the frame, projected if the model projects, where the first layer reads its x.
    @unsafe private func enter(_ x: UnsafePointer<Float>) {
      let first = unsafe steps[0]
      if let projection = model.projection {
        unsafe kernels.table.pointee.product(
          projection.matrix.descriptor, x, inputSize, streamCount, first.state, first.stateStride,
          ck_epilogue(CK_STORE), codes.base)
      } else {
        for stream in 0..<streamCount {
          unsafe (first.state + stream * first.stateStride).update(
            from: x + stream * inputSize, count: inputSize)
        }
      }
    }
  }

  /// What one layer's step needs, without a reference to count: made once, read every frame.
  @unsafe private struct Step {
    let gates: UnsafePointer<ck_matrix>
    let hiddenSize: Int
    /// [x; h] `[streams, stateStride]`.
    let state: UnsafeMutablePointer<Float>
    let stateStride: Int
    let cell: UnsafeMutablePointer<Float>
    /// The x of the next layer.
    let next: UnsafeMutablePointer<Float>?
    let nextStride: Int
  }
}
