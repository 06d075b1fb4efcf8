internal import CStreamKernels

/// An LSTM over a recording that is all there: of each layer the products over its inputs first,
/// all frames
/// together, then the steps over h, one after the other.
///
/// Weights are read once for many frames, which streams cannot have. Its sums are in another order
/// than those
/// of `RecurrentModel`, so that outputs differ in their last bits. f32. A value of it is used by
/// one thread,
/// but for the parts that say otherwise.
@safe package final class WholeLSTM: @unchecked Sendable {
  private struct Layer {
    /// `[4 hiddenSize, inputSize]`, with both biases.
    let inputs: PackedMatrix
    /// `[4 hiddenSize, hiddenSize]`.
    let hiddens: PackedMatrix
  }

  private let configuration: RecurrentModel.Configuration
  private let kernels: Kernels
  private let projection: PackedMatrix?
  private let layers: [Layer]
  private let head: PackedMatrix
  private let frameCount: Int
  /// What enters a layer `[frames, width]`.
  private let x: FloatBuffer
  /// i, f, g, o before their functions `[frames, 4 hiddenSize]`.
  private let gates: FloatBuffer
  /// `[hiddenSize]`, and room for a tanh.
  private let cell: FloatBuffer
  private let squashed: FloatBuffer
  private let width: Int

  /// An LSTM for recordings of so many frames; `tensors` holds every tensor of the configuration.
  /// Allocates.
  package init(
    _ configuration: RecurrentModel.Configuration, tensors: [String: [Float]], frames: Int
  ) {
    precondition(configuration.cell == .lstm, "an LSTM's layers")
    self.configuration = configuration
    kernels = .selected
    frameCount = frames
    let hidden = configuration.hiddenSize
    func matrix(_ weight: String, _ biases: [String], _ rows: Int, _ columns: Int) -> PackedMatrix {
      let values = tensors[weight] ?? []
      let biases = biases.map { tensors[$0] ?? [] }
      precondition(values.count == rows * columns, "tensor \(weight) must be there")
      return PackedMatrix(
        rowCount: rows, columnCount: columns, weight: { values[$0 * columns + $1] },
        bias: { row in biases.reduce(0) { $0 + $1[row] } })
    }
    projection =
      configuration.projectionSize > 0
      ? matrix(
        "input_projection.weight", ["input_projection.bias"], configuration.projectionSize,
        configuration.inputSize) : nil
    layers = (0..<configuration.layerCount).map { layer in
      func name(_ kind: String) -> String { configuration.tensorName(kind, layer) }
      return Layer(
        inputs: matrix(
          name("weight_ih"), [name("bias_ih"), name("bias_hh")], 4 * hidden,
          configuration.layerInputSize(layer)),
        hiddens: matrix(name("weight_hh"), [], 4 * hidden, hidden))
    }
    head = matrix("head.weight", ["head.bias"], configuration.outputSize, hidden)
    width = max(
      configuration.inputSize, hidden,
      (0..<configuration.layerCount).map(configuration.layerInputSize).max() ?? 0)
    x = FloatBuffer(count: frames * width)
    gates = FloatBuffer(count: frames * 4 * hidden)
    cell = FloatBuffer(count: hidden)
    squashed = FloatBuffer(count: 2 * hidden)
  }

  package var layerCount: Int { layers.count }

  /// Takes the recording, `[frames, inputSize]`, projected where the model projects. Does not
  /// allocate.
  package func begin(_ frames: Span<Float>) {
    precondition(frames.count == frameCount * configuration.inputSize, "all frames at once")
    let size = configuration.inputSize
    let mode = ck_enter()
    defer { ck_leave(mode) }
    unsafe frames.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      if let projection {
        unsafe product(projection, base, stride: size, rows: 0..<frameCount, x.base, width)
      } else {
        for frame in 0..<frameCount {
          unsafe (x.base + frame * width).update(from: base + frame * size, count: size)
        }
      }
    }
  }

  /// The products of a layer over the inputs of some frames; threads may each take some. Does not
  /// allocate.
  package func multiplyInputs(layer: Int, frames: Range<Int>) {
    let mode = ck_enter()
    defer { ck_leave(mode) }
    unsafe product(
      layers[layer].inputs, x.base, stride: width, rows: frames, gates.base,
      4 * configuration.hiddenSize)
  }

  /// The steps of a layer over all frames, whose h are what the next one takes. Does not allocate.
  package func step(layer: Int) {
    let hidden = configuration.hiddenSize
    let mode = ck_enter()
    defer { ck_leave(mode) }
    cell.zero(0..<hidden)
    for frame in 0..<frameCount {
      let gate = unsafe gates.base + frame * 4 * hidden
      if frame > 0 {
        unsafe kernels.table.pointee.product(
          layers[layer].hiddens.descriptor, x.base + (frame - 1) * width, width, 1, gate,
          4 * hidden, ck_epilogue(CK_ADD), nil, nil)
      }
      unsafe update(gate, into: x.base + frame * width)
    }
  }

  /// The gates of the layer that was stepped last, i, f, g, o, `[frames, 4, hiddenSize]`: i, f and
  /// o as they are, g as
  /// sigmoid(2 g). Allocates.
  package var gateValues: [Float] {
    (0..<gates.count).map { unsafe gates.base[$0] }
  }

  /// The outputs of all frames, `[frames, outputSize]`, without an activation. Does not allocate.
  package func finish(into outputs: inout MutableSpan<Float>) {
    precondition(outputs.count >= frameCount * configuration.outputSize, "room for all outputs")
    let mode = ck_enter()
    defer { ck_leave(mode) }
    unsafe outputs.withUnsafeMutableBufferPointer { target in
      guard let base = target.baseAddress else { return }
      unsafe product(
        head, x.base, stride: width, rows: 0..<frameCount, base, configuration.outputSize)
    }
  }

  @unsafe private func product(
    _ matrix: PackedMatrix, _ input: UnsafePointer<Float>, stride: Int, rows: Range<Int>,
    _ output: UnsafeMutablePointer<Float>, _ outputStride: Int
  ) {
    unsafe kernels.table.pointee.product(
      matrix.descriptor, input + rows.lowerBound * stride, stride, rows.count,
      output + rows.lowerBound * outputStride, outputStride, ck_epilogue(CK_STORE), nil, nil)
  }

  /// c = f c + i g, h = o tanh(c); tanh(x) = 2 sigmoid(2 x) - 1, so that one kernel serves all.
  @unsafe private func update(
    _ gate: UnsafeMutablePointer<Float>, into h: UnsafeMutablePointer<Float>
  ) {
    let hidden = configuration.hiddenSize
    let (i, f, g, o) = unsafe (gate, gate + hidden, gate + 2 * hidden, gate + 3 * hidden)
    let (c, bent) = unsafe (cell.base, squashed.base)
    let sigmoid = unsafe kernels.table.pointee.sigmoid
    for unit in 0..<hidden { unsafe g[unit] *= 2 }
    unsafe sigmoid(gate, 4 * hidden)
    for unit in 0..<hidden {
      unsafe c[unit] = f[unit] * c[unit] + i[unit] * (2 * g[unit] - 1)
      unsafe bent[unit] = 2 * c[unit]
    }
    unsafe sigmoid(bent, hidden)
    for unit in 0..<hidden { unsafe h[unit] = o[unit] * (2 * bent[unit] - 1) }
  }
}
