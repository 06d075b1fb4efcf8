internal import CStreamKernels

extension RecurrentModel {
  /// The state of streams: h and, where the layers have one, c of every layer.
  @safe struct Streams: ~Copyable, FrameProcessor {
    let model: RecurrentModel
    let streamCount: Int
    /// Per layer [x; h] `[streams, stateStride]` and c `[streams, cellSize]`: all that a stream
    /// remembers.
    let state: FloatBuffer
    let scratch: Scratch
    /// A layer's rows of all streams, in `state`.
    private let layerRows: [RecurrentRows]
    private let kernels: Kernels

    init(model: RecurrentModel, count: Int, kernels: Kernels) {
      precondition(count > 0, "a stream count must be at least 1")
      self.model = model
      self.kernels = kernels
      streamCount = count
      state = FloatBuffer(count: Self.stateCount(model) * count)
      let scratch = Scratch(model: model, streams: count)
      self.scratch = scratch
      var start = unsafe state.base
      var rows: [RecurrentRows] = unsafe []
      for layer in model.layers {
        unsafe rows.append(
          RecurrentRows(
            count: count, state: start, stateStride: layer.stateStride,
            cell: start + count * layer.stateStride, hidden: scratch.hidden.base, next: nil,
            nextStride: 0, productScratch: scratch.product.base))
        unsafe start += count * (layer.stateStride + layer.cellSize)
      }
      for index in unsafe rows.indices.dropLast() {
        unsafe rows[index].next = rows[index + 1].state
        unsafe rows[index].nextStride = rows[index + 1].stateStride
      }
      unsafe layerRows = rows
    }

    /// Floats of one stream's state.
    private static func stateCount(_ model: RecurrentModel) -> Int {
      model.layers.reduce(0) { $0 + $1.stateStride + $1.cellSize }
    }

    /// What the state and scratch of so many streams take.
    static func byteCount(model: RecurrentModel, count: Int) -> Int {
      count * stateCount(model) * MemoryLayout<Float>.stride
        + Scratch.byteCount(model: model, streams: count)
    }

    var inputSize: Int { model.configuration.inputSize }
    var outputSize: Int { model.configuration.outputSize }

    /// Of h and c of all layers.
    var stateNorm: Double? {
      var sum = 0.0
      for (index, layer) in model.layers.enumerated() {
        let rows = unsafe layerRows[index]
        for unit in 0..<layer.hiddenSize {
          let h = unsafe Double(rows.state[layer.inputSize + unit])
          sum += h * h
        }
        for unit in 0..<layer.cellSize {
          let c = unsafe Double(rows.cell[unit])
          sum += c * c
        }
      }
      return sum.squareRoot()
    }

    mutating func process(_ frames: Span<Float>, into output: inout MutableSpan<Float>) -> Int {
      let count = frameCount(of: frames)
      precondition(
        output.count >= count * streamCount * outputSize, "no room for the output frames")
      let mode = ck_enter()
      defer { ck_leave(mode) }
      unsafe frames.withUnsafeBufferPointer { source in
        unsafe output.withUnsafeMutableBufferPointer { destination in
          guard let x = source.baseAddress, let y = destination.baseAddress else { return }
          for frame in 0..<count {
            unsafe step(
              x + frame * streamCount * inputSize, into: y + frame * streamCount * outputSize)
          }
        }
      }
      return count
    }

    mutating func process(
      _ frames: Span<Float>, streams: Span<Int>, into output: inout MutableSpan<Float>,
      counts: inout MutableSpan<Int>
    ) {
      checkList(streams, frames: frames, outputCount: output.count, countCount: counts.count)
      for place in streams.indices { counts[place] = 1 }
      if streams.count == streamCount {
        _ = process(frames, into: &output)
        return
      }
      let mode = ck_enter()
      defer { ck_leave(mode) }
      unsafe frames.withUnsafeBufferPointer { source in
        unsafe streams.withUnsafeBufferPointer { list in
          unsafe output.withUnsafeMutableBufferPointer { destination in
            guard let x = source.baseAddress, let y = destination.baseAddress else { return }
            unsafe step(x, of: list, into: y)
          }
        }
      }
    }

    mutating func finish(stream: Int, into output: inout MutableSpan<Float>) -> Int { 0 }

    mutating func reset(stream: Int, at position: UInt64) {
      checkStream(stream)
      for (index, layer) in model.layers.enumerated() {
        let rows = unsafe layerRows[index]
        unsafe (rows.state + stream * rows.stateStride).update(
          repeating: 0, count: rows.stateStride)
        unsafe (rows.cell + stream * layer.cellSize).update(repeating: 0, count: layer.cellSize)
      }
    }

    /// h and c of every layer; x comes with the next frame.
    mutating func exchange(stream: Int, with archive: inout StateArchive) {
      checkStream(stream)
      for index in model.layers.indices {
        let layer = model.layers[index]
        let rows = unsafe layerRows[index]
        unsafe archive.memory(
          rows.state + stream * rows.stateStride + layer.inputSize, count: layer.hiddenSize)
        unsafe archive.memory(rows.cell + stream * layer.cellSize, count: layer.cellSize)
      }
    }

    /// One frame of every stream, `[streams, inputSize]` to `[streams, outputSize]`.
    @unsafe private func step(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>) {
      unsafe takeFrames(x, into: layerRows[0])
      for index in model.layers.indices {
        unsafe model.layers[index].step(layerRows[index], kernels: kernels)
      }
      unsafe writeOutputs(y, count: streamCount)
    }

    /// One frame of the listed streams, whose state is gathered for each layer's step and put back.
    @unsafe private func step(
      _ x: UnsafePointer<Float>, of list: UnsafeBufferPointer<Int>,
      into y: UnsafeMutablePointer<Float>
    ) {
      var gathered = unsafe scratch.gatheredRows(layerRows[0], layer: 0, count: list.count)
      unsafe takeFrames(x, into: gathered)
      for index in model.layers.indices {
        let layer = model.layers[index]
        let own = unsafe layerRows[index]
        var following = unsafe gathered
        if index + 1 < model.layers.count {
          unsafe following = scratch.gatheredRows(
            layerRows[index + 1], layer: index + 1, count: list.count)
          unsafe gathered.next = following.state
          unsafe gathered.nextStride = following.stateStride
        }
        for place in 0..<list.count {
          let stream = unsafe list[place]
          unsafe (gathered.state + place * gathered.stateStride + layer.inputSize).update(
            from: own.state + stream * own.stateStride + layer.inputSize, count: layer.hiddenSize)
          unsafe (gathered.cell + place * layer.cellSize).update(
            from: own.cell + stream * layer.cellSize, count: layer.cellSize)
        }
        unsafe layer.step(gathered, kernels: kernels)
        for place in 0..<list.count {
          let stream = unsafe list[place]
          unsafe (own.state + stream * own.stateStride + layer.inputSize).update(
            from: gathered.hidden + place * layer.hiddenSize, count: layer.hiddenSize)
          unsafe (own.cell + stream * layer.cellSize).update(
            from: gathered.cell + place * layer.cellSize, count: layer.cellSize)
        }
        unsafe gathered = following
      }
      unsafe writeOutputs(y, count: list.count)
    }

    /// Puts frames, projected if the model projects, where the first layer reads its x.
    @unsafe private func takeFrames(_ x: UnsafePointer<Float>, into rows: RecurrentRows) {
      if let projection = model.projection {
        unsafe kernels.table.pointee.product(
          projection.descriptor, x, inputSize, rows.count, rows.state, rows.stateStride,
          ck_epilogue(CK_STORE), scratch.product.base, nil)
      } else {
        for row in unsafe 0..<rows.count {
          unsafe (rows.state + row * rows.stateStride).update(
            from: x + row * inputSize, count: inputSize)
        }
      }
    }

    /// The head over the last layer's h.
    @unsafe private func writeOutputs(_ y: UnsafeMutablePointer<Float>, count: Int) {
      unsafe kernels.table.pointee.product(
        model.head.descriptor, scratch.hidden.base, model.configuration.hiddenSize, count, y,
        outputSize, ck_epilogue(CK_STORE), scratch.product.base, nil)
      unsafe kernels.activate(y, rows: count, size: outputSize, as: model.activation)
    }
  }
}
