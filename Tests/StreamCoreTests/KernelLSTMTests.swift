import CStreamKernels
import Testing

@testable import StreamCore

/// LSTM steps of every variant against the plain Swift ones, bit for bit.
@Suite struct KernelLSTMTests {
  /// States after some steps: [x; h], c, h and the next layer's x.
  static func run(
    inputSize: Int, hiddenSize: Int, streams: Int, precision: Precision, rough: Bool = false,
    steps: Int = 3, kernels: Kernels
  ) -> [FloatBuffer] {
    var random = KernelRandom(seed: UInt64(inputSize * 1_000 + hiddenSize))
    let columns = inputSize + hiddenSize
    let scale = 3 / Float(columns).squareRoot()
    let layer = LSTM(
      inputSize: inputSize, hiddenSize: hiddenSize,
      inputWeights: random.values(4 * hiddenSize * inputSize, scale: scale),
      hiddenWeights: random.values(4 * hiddenSize * hiddenSize, scale: scale),
      inputBias: random.values(4 * hiddenSize), hiddenBias: random.values(4 * hiddenSize),
      precision: precision)
    let stride = columns + 7
    let state = FloatBuffer(count: streams * stride)
    let cell = FloatBuffer(count: streams * hiddenSize)
    let hidden = FloatBuffer(count: streams * hiddenSize)
    let next = FloatBuffer(count: streams * (hiddenSize + 2))
    let scratch = MemoryBlock(byteCount: ck_product_scratch_bytes(columns, streams))
    for _ in 0..<steps {
      for stream in 0..<streams {
        let x = rough ? random.roughValues(inputSize) : random.values(inputSize, scale: 4)
        for (i, value) in x.enumerated() { unsafe state.base[stream * stride + i] = value }
      }
      inKernelMode {
        unsafe kernels.table.pointee.lstm_step(
          layer.gates.descriptor, hiddenSize, state.base, stride, streams, cell.base, hidden.base,
          next.base, hiddenSize + 2, scratch.base)
      }
    }
    return [state, cell, hidden, next]
  }

  static func expectSame(
    _ inputSize: Int, _ hiddenSize: Int, streams: Int, precision: Precision, rough: Bool = false
  ) {
    let expected = run(
      inputSize: inputSize, hiddenSize: hiddenSize, streams: streams, precision: precision,
      rough: rough, kernels: .reference)
    for kernels in Kernels.available {
      let found = run(
        inputSize: inputSize, hiddenSize: hiddenSize, streams: streams, precision: precision,
        rough: rough, kernels: kernels)
      for (a, b) in zip(found, expected) {
        let difference = firstDifference(a, b)
        #expect(
          difference == nil,
          "\(kernels.testDescription), \(inputSize) -> \(hiddenSize), \(streams) streams")
      }
    }
  }

  @Test(arguments: Precision.allCases)
  func everySize(precision: Precision) {
    for size in 1...130 {
      Self.expectSame(
        1 + size * 37 % 50, size, streams: size % 3 == 0 ? 1 : 1 + size % 9, precision: precision)
    }
  }

  @Test(arguments: Precision.allCases)
  func everyNumberOfStreams(precision: Precision) {
    for streams in Array(1...9) + [17, 67] {
      Self.expectSame(5, 20, streams: streams, precision: precision)
    }
  }

  @Test(arguments: Precision.allCases)
  func realSizes(precision: Precision) {
    // Both layers of L1, L2 and L3, and 64 streams of L2.
    for (inputSize, hiddenSize, streams) in [
      (40, 128, 1), (80, 256, 1), (256, 256, 1), (80, 512, 1), (512, 512, 1), (80, 256, 64),
    ] {
      Self.expectSame(inputSize, hiddenSize, streams: streams, precision: precision)
    }
  }

  @Test(arguments: Precision.allCases)
  func zerosSubnormalsAndHugeValues(precision: Precision) {
    for size in 1...20 {
      Self.expectSame(
        size, 21 - size, streams: 1 + size % 4, precision: precision, rough: true)
    }
  }
}
