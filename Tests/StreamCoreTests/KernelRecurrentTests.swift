import CStreamKernels
import Testing

@testable import StreamCore

/// Steps of recurrent layers in every variant against the plain Swift ones, bit for bit.
@Suite struct KernelRecurrentTests {
  enum Cell: String, CaseIterable {
    case lstm
    case gru
    case minGRU
    case rnnTanh
    case rnnReLU

    var gateCount: Int {
      switch self {
      case .lstm: 4
      case .gru: 3
      case .minGRU: 2
      case .rnnTanh, .rnnReLU: 1
      }
    }
  }

  /// A layer of random weights.
  static func layer(
    _ cell: Cell, inputSize: Int, hiddenSize: Int, precision: Precision = .f32,
    random: inout KernelRandom
  ) -> any RecurrentLayer {
    let tensors = tensors(
      cell, inputSize: inputSize, hiddenSize: hiddenSize, precision: precision, random: &random)
    return switch cell {
    case .lstm: LSTM(tensors)
    case .gru: GRU(tensors)
    case .minGRU: MinGRU(tensors)
    case .rnnTanh: RNN(tensors, nonlinearity: .tanh)
    case .rnnReLU: RNN(tensors, nonlinearity: .relu)
    }
  }

  static func tensors(
    _ cell: Cell, inputSize: Int, hiddenSize: Int, precision: Precision = .f32,
    random: inout KernelRandom
  ) -> LayerTensors {
    let scale = 3 / Float(inputSize + hiddenSize).squareRoot()
    let rows = cell.gateCount * hiddenSize
    return LayerTensors(
      inputSize: inputSize, hiddenSize: hiddenSize,
      inputWeights: random.values(rows * inputSize, scale: scale),
      hiddenWeights: random.values(rows * hiddenSize, scale: scale),
      inputBias: random.values(rows), hiddenBias: random.values(rows), precision: precision)
  }

  /// States after some steps: [x; h], c, h and the next layer's x, with room behind every row that must
  /// stay untouched.
  static func run(
    _ cell: Cell, inputSize: Int, hiddenSize: Int, streams: Int, precision: Precision,
    rough: Bool = false, steps: Int = 3, kernels: Kernels
  ) -> [FloatBuffer] {
    var random = KernelRandom(seed: UInt64(inputSize * 1_000 + hiddenSize))
    let layer = layer(
      cell, inputSize: inputSize, hiddenSize: hiddenSize, precision: precision, random: &random)
    let stride = inputSize + hiddenSize + 7
    let state = FloatBuffer(count: streams * stride)
    let cells = FloatBuffer(count: streams * layer.cellSize)
    let hidden = FloatBuffer(count: streams * hiddenSize)
    let next = FloatBuffer(count: streams * (hiddenSize + 2))
    let scratch = MemoryBlock(byteCount: layer.productScratchBytes(rows: streams))
    for _ in 0..<steps {
      for stream in 0..<streams {
        let x = rough ? random.roughValues(inputSize) : random.values(inputSize, scale: 4)
        for (i, value) in x.enumerated() { unsafe state.base[stream * stride + i] = value }
      }
      inKernelMode {
        unsafe layer.step(
          RecurrentRows(
            count: streams, state: state.base, stateStride: stride, cell: cells.base,
            hidden: hidden.base, next: next.base, nextStride: hiddenSize + 2,
            productScratch: scratch.base), kernels: kernels)
      }
    }
    return [state, cells, hidden, next]
  }

  static func expectSame(
    _ cell: Cell, _ inputSize: Int, _ hiddenSize: Int, streams: Int, precision: Precision,
    rough: Bool = false
  ) {
    let expected = run(
      cell, inputSize: inputSize, hiddenSize: hiddenSize, streams: streams, precision: precision,
      rough: rough, kernels: .reference)
    for kernels in Kernels.available {
      let found = run(
        cell, inputSize: inputSize, hiddenSize: hiddenSize, streams: streams,
        precision: precision, rough: rough, kernels: kernels)
      for (a, b) in zip(found, expected) {
        let difference = firstDifference(a, b)
        #expect(
          difference == nil,
          "\(kernels.testDescription), \(inputSize) -> \(hiddenSize), \(streams) streams")
      }
    }
  }

  @Test(arguments: Cell.allCases, Precision.allCases)
  func everySize(cell: Cell, precision: Precision) {
    for size in 1...130 {
      Self.expectSame(
        cell, 1 + size * 37 % 50, size, streams: size % 3 == 0 ? 1 : 1 + size % 9,
        precision: precision)
    }
  }

  @Test(arguments: Cell.allCases, Precision.allCases)
  func everyNumberOfStreams(cell: Cell, precision: Precision) {
    for streams in Array(1...9) + [17, 33, 67] {
      Self.expectSame(cell, 5, 20, streams: streams, precision: precision)
    }
  }

  @Test(arguments: Cell.allCases, Precision.allCases)
  func realSizes(cell: Cell, precision: Precision) {
    // Both layers of the models of three sizes of docs/benchmarks.md, and 64 streams of the second.
    for (inputSize, hiddenSize, streams) in [
      (40, 128, 1), (80, 256, 1), (256, 256, 1), (80, 512, 1), (512, 512, 1), (80, 256, 64),
    ] {
      Self.expectSame(cell, inputSize, hiddenSize, streams: streams, precision: precision)
    }
  }

  @Test(arguments: Cell.allCases, Precision.allCases)
  func zerosSubnormalsAndHugeValues(cell: Cell, precision: Precision) {
    for size in 1...20 {
      Self.expectSame(
        cell, size, 21 - size, streams: 1 + size % 4, precision: precision, rough: true)
    }
  }

  /// The formulas of `torch.nn.LSTM`, `GRU` and `RNN`, and of the minGRU, in Double.
  @Test(arguments: Cell.allCases)
  func theFormulas(cell: Cell) {
    let (inputSize, hiddenSize) = (11, 37)
    var random = KernelRandom(seed: UInt64(inputSize * 1_000 + hiddenSize))
    let weights = Self.tensors(
      cell, inputSize: inputSize, hiddenSize: hiddenSize, random: &random)
    var h = [Double](repeating: 0, count: hiddenSize)
    var c = h
    for _ in 0..<3 {
      let x = random.values(inputSize, scale: 4).map(Double.init)
      func sum(_ w: [Float], _ bias: [Float], _ values: [Double], _ row: Int) -> Double {
        values.indices.reduce(Double(bias[row])) {
          $0 + Double(w[row * values.count + $1]) * values[$1]
        }
      }
      func fromX(_ row: Int) -> Double { sum(weights.inputWeights, weights.inputBias, x, row) }
      let before = h
      func fromH(_ row: Int) -> Double {
        sum(weights.hiddenWeights, weights.hiddenBias, before, row)
      }
      func gate(_ gate: Int, _ unit: Int) -> Double {
        fromX(gate * hiddenSize + unit) + fromH(gate * hiddenSize + unit)
      }
      func sigmoid(_ value: Double) -> Double { 1 / (1 + TableFunctions.exp(-value)) }
      func tanh(_ value: Double) -> Double { 2 * sigmoid(2 * value) - 1 }
      for unit in 0..<hiddenSize {
        switch cell {
        case .lstm:
          c[unit] =
            sigmoid(gate(1, unit)) * c[unit] + sigmoid(gate(0, unit)) * tanh(gate(2, unit))
          h[unit] = sigmoid(gate(3, unit)) * tanh(c[unit])
        case .gru:
          let row = 2 * hiddenSize + unit
          let n = tanh(fromX(row) + sigmoid(gate(0, unit)) * fromH(row))
          let z = sigmoid(gate(1, unit))
          h[unit] = (1 - z) * n + z * before[unit]
        case .minGRU:
          let z = sigmoid(fromX(unit))
          h[unit] = (1 - z) * before[unit] + z * fromX(hiddenSize + unit)
        case .rnnTanh: h[unit] = tanh(gate(0, unit))
        case .rnnReLU: h[unit] = max(gate(0, unit), 0)
        }
      }
    }
    for kernels in Kernels.available + [.reference] {
      let hidden = Self.run(
        cell, inputSize: inputSize, hiddenSize: hiddenSize, streams: 1, precision: .f32,
        kernels: kernels)[2]
      for unit in 0..<hiddenSize {
        let found = unsafe Double(hidden.base[unit])
        #expect(abs(found - h[unit]) < 1e-5 * max(1, abs(h[unit])), "\(kernels.testDescription)")
      }
    }
  }
}
