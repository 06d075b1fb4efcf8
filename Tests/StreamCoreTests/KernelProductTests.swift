import CStreamKernels
import Testing

@testable import StreamCore

/// Products of every variant against the plain Swift ones, bit for bit.
@Suite struct KernelProductTests {
  struct Case {
    var rows: Int
    var columns: Int
    var inputRows: Int
    var epilogue: Int
    var precision: Precision = .f32
    var rough = false
  }

  /// A product by one table, in a buffer with room behind every row that must stay untouched.
  static func product(
    _ c: Case, seed: UInt64, kernels: Kernels, ahead: MemoryBlock? = nil
  ) -> FloatBuffer {
    var random = KernelRandom(seed: seed)
    let scale = 2 / Float(c.columns).squareRoot()
    let count = c.rows * c.columns
    let matrix = PackedMatrix(
      rowCount: c.rows, columnCount: c.columns,
      weights: c.rough ? random.roughValues(count) : random.values(count, scale: scale),
      bias: random.values(c.rows), precision: c.precision)
    let inputStride = c.columns + 3
    let outputStride = c.rows + 5
    let inputCount = c.inputRows * inputStride
    let input = FloatBuffer(
      c.rough ? random.roughValues(inputCount) : random.values(inputCount, scale: 3))
    let output = FloatBuffer(random.values(c.inputRows * outputStride))
    let scratch = MemoryBlock(byteCount: ck_product_scratch_bytes(c.columns, c.inputRows))
    inKernelMode {
      let memory = unsafe (ahead ?? scratch).base.assumingMemoryBound(to: CChar.self)
      let end = unsafe memory + (ahead?.byteCount ?? 0)
      var part = unsafe ck_ahead(next: memory, end: end)
      var goesOn = true
      while goesOn {
        let before = unsafe part.next
        unsafe kernels.table.pointee.product(
          matrix.descriptor, input.base, inputStride, c.inputRows, output.base, outputStride,
          ck_epilogue(c.epilogue), scratch.base, &part)
        guard let next = unsafe part.next, unsafe next != before else { break }
        goesOn = unsafe next < end
      }
      if let next = unsafe part.next { #expect(unsafe next >= end) }
    }
    return output
  }

  static func expectSame(_ c: Case, seed: UInt64) {
    let expected = product(c, seed: seed, kernels: .reference)
    for kernels in Kernels.available {
      let difference = firstDifference(product(c, seed: seed, kernels: kernels), expected)
      #expect(difference == nil, "\(kernels.testDescription), \(c)")
    }
  }

  /// What is brought closer meanwhile changes no bit; calls go on with it up to its end.
  @Test(arguments: Precision.allCases)
  func memoryAhead(precision: Precision) {
    let c = Case(rows: 64, columns: 64, inputRows: 2, epilogue: CK_RELU, precision: precision)
    let expected = Self.product(c, seed: 3, kernels: .reference)
    for kernels in Kernels.available {
      let memory = MemoryBlock(byteCount: 1 << 16)
      let found = Self.product(c, seed: 3, kernels: kernels, ahead: memory)
      #expect(firstDifference(found, expected) == nil, "\(kernels.testDescription)")
    }
  }

  @Test(arguments: Precision.allCases)
  func everyWidth(precision: Precision) {
    var random = KernelRandom(seed: 1)
    for size in 1...130 {
      let other = random.integer(in: 1...130)
      let rows = size % 2 == 0 ? 1 + size % 17 : 1
      Self.expectSame(
        Case(
          rows: size, columns: other, inputRows: rows, epilogue: size % 7, precision: precision),
        seed: UInt64(size))
      Self.expectSame(
        Case(
          rows: other, columns: size, inputRows: rows, epilogue: size / 2 % 7,
          precision: precision), seed: UInt64(size))
    }
  }

  @Test(arguments: Precision.allCases)
  func everyNumberOfRows(precision: Precision) {
    for rows in Array(1...17) + [23, 33, 64, 66, 67, 100] {
      Self.expectSame(
        Case(
          rows: 70, columns: 261, inputRows: rows, epilogue: CK_ADD, precision: precision),
        seed: UInt64(rows))
    }
  }

  /// The products of the models of docs/benchmarks.md: T1, T2 and T3 at chunks of 1, 4 and 16.
  @Test(arguments: Precision.allCases, [(128, 40), (256, 80), (512, 80)])
  func realSizes(precision: Precision, sizes: (model: Int, input: Int)) {
    let size = sizes.model
    for (rows, columns, epilogue) in [
      (size, sizes.input, CK_STORE), (3 * size, size, CK_STORE), (size, size, CK_ADD),
      (4 * size, size, CK_GELU_TANH), (size, 4 * size, CK_ADD), (1, size, CK_STORE),
    ] {
      for inputRows in [1, 4, 16] {
        Self.expectSame(
          Case(
            rows: rows, columns: columns, inputRows: inputRows, epilogue: epilogue,
            precision: precision), seed: 3)
      }
    }
  }

  @Test(arguments: Precision.allCases)
  func zerosSubnormalsAndHugeValues(precision: Precision) {
    for size in 1...60 {
      Self.expectSame(
        Case(
          rows: size, columns: 1 + size * 7 % 60, inputRows: 1 + size % 7, epilogue: size % 7,
          precision: precision, rough: true), seed: UInt64(size))
    }
  }

  @Test func theOrderIsTwoChains() {
    // 1 + 2^-24 + 2^-24: in one chain each addition of 2^-24 is lost, in two chains they meet first.
    let tiny: Float = 5.960_464_5e-8
    let matrix = PackedMatrix(
      rowCount: 1, columnCount: 4, weights: [tiny, 1, tiny, 0], bias: [0])
    let input = FloatBuffer([1, 1, 1, 1])
    for kernels in Kernels.available + [.reference] {
      let output = FloatBuffer(count: 1)
      unsafe kernels.table.pointee.product(
        matrix.descriptor, input.base, 4, 1, output.base, 1, ck_epilogue(CK_STORE), nil, nil)
      #expect(unsafe output.base[0] == 1.000_000_1)
    }
  }
}
