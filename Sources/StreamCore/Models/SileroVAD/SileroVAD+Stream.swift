internal import CStreamKernels

extension SileroVAD {
  /// The state of one stream, h and c of the LSTM, and what one frame needs.
  @safe struct Stream: ~Copyable, FrameProcessor {
    private let model: SileroVAD
    private let kernels: Kernels
    /// [x; h] `[stateStride]`, c `[hiddenSize]`.
    private let state: FloatBuffer
    /// The frame and its reflection.
    private let samples: FloatBuffer
    /// What the transform computes with.
    private let spectrum: FloatBuffer
    /// The columns that enter each convolution, one convolution after the other; padding stays 0.
    private let columns: FloatBuffer
    /// h, then ReLU(h).
    private let hidden: FloatBuffer
    /// The activations of a product in bf16 or int8; empty for f32.
    private let product: MemoryBlock
    private let cells: RecurrentRows

    init(model: SileroVAD, kernels: Kernels) {
      self.model = model
      self.kernels = kernels
      let sizes = Self.sizes(of: model)
      let state = FloatBuffer(count: sizes.state)
      let hidden = FloatBuffer(count: sizes.hidden)
      let product = MemoryBlock(byteCount: sizes.product)
      self.state = state
      self.hidden = hidden
      self.product = product
      samples = FloatBuffer(count: sizes.samples)
      spectrum = FloatBuffer(count: sizes.spectrum)
      columns = FloatBuffer(count: sizes.columns)
      let stride = model.lstm.stateStride
      unsafe cells = RecurrentRows(
        count: 1, state: state.base, stateStride: stride, cell: state.base + stride,
        hidden: hidden.base, next: nil, nextStride: 0, productScratch: product.base)
    }

    private typealias Sizes = (
      state: Int, samples: Int, spectrum: Int, columns: Int, hidden: Int, product: Int
    )

    /// Floats of each buffer, and bytes for a product.
    private static func sizes(of model: SileroVAD) -> Sizes {
      let c = model.configuration
      let product = model.encoder.reduce(model.lstm.productScratchBytes(rows: 1)) {
        max($0, ck_product_scratch_bytes($1.matrix.columnCount, $1.outputCount))
      }
      return (
        model.lstm.stateStride + c.hiddenSize, c.inputSize + c.reflectedSize,
        model.transform.scratchCount(windows: SileroVAD.columnCount),
        model.encoder.reduce(0) { $0 + $1.roomSize },
        2 * c.hiddenSize, model.precision == .f32 ? 0 : product
      )
    }

    /// What the state and scratch of one stream take.
    static func byteCount(model: SileroVAD) -> Int {
      let s = sizes(of: model)
      return (s.state + s.samples + s.spectrum + s.columns + s.hidden)
        * MemoryLayout<Float>.stride + s.product
    }

    /// The same of the blocks that were made.
    var byteCount: Int {
      state.byteCount + samples.byteCount + spectrum.byteCount + columns.byteCount
        + hidden.byteCount + product.byteCount
    }

    var inputSize: Int { model.inputSize }
    var outputSize: Int { model.outputSize }

    /// Of h and c.
    var stateNorm: Double? {
      var sum = 0.0
      for unit in 0..<model.configuration.hiddenSize {
        let h = unsafe Double(cells.state[model.lstm.inputSize + unit])
        let c = unsafe Double(cells.cell[unit])
        sum += h * h + c * c
      }
      return sum.squareRoot()
    }

    mutating func process(_ frames: Span<Float>, into output: inout MutableSpan<Float>) -> Int {
      let count = frameCount(of: frames)
      precondition(output.count >= count * outputSize, "no room for the output frames")
      let mode = ck_enter()
      defer { ck_leave(mode) }
      unsafe frames.withUnsafeBufferPointer { source in
        unsafe output.withUnsafeMutableBufferPointer { destination in
          guard let x = source.baseAddress, let y = destination.baseAddress else { return }
          for frame in 0..<count {
            unsafe step(x + frame * inputSize, into: y + frame * outputSize)
          }
        }
      }
      return count
    }

    mutating func reset(stream: Int, at position: UInt64) {
      checkStream(stream)
      state.zero(0..<state.count)
    }

    mutating func exchange(stream: Int, with archive: inout StateArchive) {
      checkStream(stream)
      archive.memory(state)
    }

    @unsafe private func step(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>) {
      unsafe takeFrame(x)
      unsafe encode()
      unsafe model.lstm.step(cells, kernels: kernels)
      let size = model.configuration.hiddenSize
      for unit in 0..<size {
        let h = unsafe hidden.base[unit]
        unsafe hidden.base[size + unit] = h < 0 ? 0 : h
      }
      unsafe kernels.table.pointee.product(
        model.head.descriptor, hidden.base + size, size, 1, y, outputSize, ck_epilogue(CK_STORE),
        product.base, nil)
      unsafe kernels.activate(y, rows: 1, size: outputSize, as: model.activation)
    }

    /// The frame with its last samples once more in reverse, the very last one left out.
    @unsafe private func takeFrame(_ x: UnsafePointer<Float>) {
      unsafe samples.base.update(from: x, count: inputSize)
      for place in 0..<model.configuration.reflectedSize {
        unsafe samples.base[inputSize + place] = x[inputSize - 2 - place]
      }
    }

    /// Magnitudes of the transform, then the convolutions; the last one writes the LSTM's x.
    @unsafe private func encode() {
      var room = unsafe columns.base
      unsafe model.transform.magnitudes(
        of: samples.base, windows: SileroVAD.columnCount, scratch: spectrum.base,
        into: room + model.encoder[0].start, kernels: kernels)
      // The LSTM is one row over most of the weights: it waits for them.
      let gates = model.lstm.gates
      let panels = unsafe gates.descriptor.pointee.panels.assumingMemoryBound(to: CChar.self)
      var ahead = unsafe ck_ahead(next: panels, end: panels + gates.byteCount)
      for layer in model.encoder.indices {
        let following = unsafe room + model.encoder[layer].roomSize
        let isLast = layer + 1 == model.encoder.count
        let output = unsafe isLast ? cells.state : following + model.encoder[layer + 1].start
        unsafe model.encoder[layer].apply(
          room, into: output, scratch: product.base, ahead: &ahead, kernels: kernels)
        unsafe room = following
      }
    }
  }
}
