extension RecurrentModel {
  /// The state of streams that advance together: h and c of every layer, `[streams, hiddenSize]` each.
  public struct Streams: ~Copyable, FrameProcessor {
    public let model: RecurrentModel
    public let streamCount: Int
    /// Per layer [x; h] `[streams, inputSize + hiddenSize]` and c `[streams, hiddenSize]`.
    private let state: FloatBuffer
    private let inputOffsets: [Int]
    private let cellOffsets: [Int]
    private let gates: FloatBuffer
    private let hidden: FloatBuffer

    init(model: RecurrentModel, count: Int) {
      precondition(count > 0, "a stream count must be at least 1")
      self.model = model
      streamCount = count
      var size = 0
      var inputs: [Int] = []
      var cells: [Int] = []
      for layer in model.layers {
        inputs.append(size)
        size += count * (layer.inputSize + layer.hiddenSize)
        cells.append(size)
        size += count * layer.hiddenSize
      }
      inputOffsets = inputs
      cellOffsets = cells
      state = FloatBuffer(count: size)
      gates = FloatBuffer(count: count * (model.layers.map(\.gates.rowCount).max() ?? 0))
      hidden = FloatBuffer(count: count * model.configuration.hiddenSize)
    }

    public var inputSize: Int { model.configuration.inputSize }
    public var outputSize: Int { model.configuration.outputSize }
    public var algorithmicLatency: Int { 0 }

    /// Bytes of state and scratch, all streams.
    public var stateBytes: Int { state.byteCount + gates.byteCount + hidden.byteCount }

    public func outputCapacity(forFrames count: Int) -> Int { count }

    public mutating func process(
      _ frames: Span<Float>, into output: inout MutableSpan<Float>
    ) -> Int {
      let count = frames.count / (streamCount * inputSize)
      precondition(
        frames.count == count * streamCount * inputSize,
        "frames must be [frames, streams, inputSize]")
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
      for (index, layer) in model.layers.enumerated() {
        let width = layer.inputSize + layer.hiddenSize
        let input = inputOffsets[index] + stream * width
        state.zero(input..<input + width)
        let cell = cellOffsets[index] + stream * layer.hiddenSize
        state.zero(cell..<cell + layer.hiddenSize)
      }
    }

    /// One frame of every stream.
    @unsafe private func step(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>) {
      unsafe enter(x)
      let layers = model.layers
      for index in 0..<layers.count {
        let layer = layers[index]
        let width = layer.inputSize + layer.hiddenSize
        let input = unsafe state.base + inputOffsets[index]
        unsafe LSTMStep.run(
          layer.gates, hiddenSize: layer.hiddenSize, input: input, inputStride: width,
          rows: streamCount, gates: gates.base, cell: state.base + cellOffsets[index],
          cellStride: layer.hiddenSize, hidden: hidden.base, hiddenStride: layer.hiddenSize)
        unsafe copyHidden(layer.hiddenSize, to: input + layer.inputSize, stride: width)
        if index + 1 < layers.count {
          let next = layers[index + 1]
          unsafe copyHidden(
            layer.hiddenSize, to: state.base + inputOffsets[index + 1],
            stride: next.inputSize + next.hiddenSize)
        }
      }
      unsafe model.head(
        hidden.base, stride: model.configuration.hiddenSize, rows: streamCount, into: y,
        stride: outputSize)
      unsafe RowFunctions.activate(
        y, rows: streamCount, size: outputSize, activation: model.activation)
    }

    /// Puts the frame, projected if the model projects, where the first layer reads its x.
    @unsafe private func enter(_ x: UnsafePointer<Float>) {
      let first = model.layers[0]
      let width = first.inputSize + first.hiddenSize
      let target = unsafe state.base + inputOffsets[0]
      if let projection = model.projection {
        unsafe projection(x, stride: inputSize, rows: streamCount, into: target, stride: width)
      } else {
        for stream in 0..<streamCount {
          unsafe (target + stream * width).update(
            from: x + stream * inputSize, count: inputSize)
        }
      }
    }

    @unsafe private func copyHidden(
      _ size: Int, to target: UnsafeMutablePointer<Float>, stride: Int
    ) {
      for stream in 0..<streamCount {
        unsafe (target + stream * stride).update(from: hidden.base + stream * size, count: size)
      }
    }
  }
}
