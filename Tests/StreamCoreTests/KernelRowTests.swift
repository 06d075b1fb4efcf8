import CStreamKernels
import Testing

@testable import StreamCore

/// Norms, output activations, and front-end kernels of every variant against plain Swift.
@Suite struct KernelRowTests {
  /// Both tables on the same values, at every size.
  static func expectSame(
    _ kernels: Kernels, sizes: some Sequence<Int>,
    _ run: (_ table: UnsafePointer<ck_kernels>, _ size: Int, _ random: inout KernelRandom) ->
      FloatBuffer
  ) {
    for size in sizes {
      var random = KernelRandom(seed: UInt64(size))
      let found = inKernelMode { unsafe run(kernels.table, size, &random) }
      random = KernelRandom(seed: UInt64(size))
      let expected = inKernelMode { unsafe run(Kernels.reference.table, size, &random) }
      let difference = firstDifference(found, expected)
      #expect(difference == nil, "size \(size)")
    }
  }

  @Test(arguments: Kernels.available, [false, true])
  func layerNorm(kernels: Kernels, rough: Bool) {
    unsafe Self.expectSame(kernels, sizes: Array(1...130) + [256, 512]) { table, size, random in
      let rows = 1 + size % 5
      let count = rows * (size + 3)
      let input = FloatBuffer(rough ? random.roughValues(count) : random.values(count, scale: 9))
      let gain = FloatBuffer(random.values(size))
      let bias = FloatBuffer(random.values(size))
      let output = FloatBuffer(random.values(rows * (size + 2)))
      unsafe table.pointee.layer_norm(
        input.base, size + 3, rows, size, gain.base, bias.base, 1e-5, output.base, size + 2)
      return output
    }
  }

  @Test(arguments: Kernels.available, [false, true])
  func rmsNorm(kernels: Kernels, rough: Bool) {
    unsafe Self.expectSame(kernels, sizes: Array(1...130) + [256, 512]) { table, size, random in
      let rows = 1 + size % 5
      let count = rows * (size + 3)
      let input = FloatBuffer(rough ? random.roughValues(count) : random.values(count, scale: 9))
      let gain = FloatBuffer(random.values(size))
      let output = FloatBuffer(random.values(rows * (size + 2)))
      unsafe table.pointee.rms_norm(
        input.base, size + 3, rows, size, gain.base, 1e-5, output.base, size + 2)
      return output
    }
  }

  @Test(arguments: Kernels.available, [false, true])
  func activations(kernels: Kernels, rough: Bool) {
    unsafe Self.expectSame(kernels, sizes: 1...130) { table, size, random in
      let values = FloatBuffer(
        rough ? random.roughValues(3 * size) : random.values(3 * size, scale: 20))
      unsafe table.pointee.sigmoid(values.base, size)
      unsafe table.pointee.softmax(values.base + size, 2, size)
      return values
    }
  }

  @Test(arguments: Kernels.available, [0, 1, 86_400_000, 1 << 33, 1 << 40, UInt64.max / 4])
  func rotaryAngles(kernels: Kernels, position: UInt64) {
    unsafe Self.expectSame(kernels, sizes: 1...70) { table, size, random in
      let turns = (0..<size).map { _ in Double(abs(random.value())) * 0.16 }
      let angles = FloatBuffer(count: 2 * size)
      unsafe turns.withUnsafeBufferPointer {
        guard let base = $0.baseAddress else { return }
        unsafe table.pointee.rotary_angles(
          base, size, position, angles.base, angles.base + size)
      }
      return angles
    }
  }

  @Test(arguments: Kernels.available, [(1, 1), (3, 1), (1, 2), (441, 160), (2, 3)])
  func resample(kernels: Kernels, ratio: (inputs: Int, outputs: Int)) {
    unsafe Self.expectSame(kernels, sizes: 1...130) { table, taps, random in
      let rowSize = (taps + 15) / 16 * 16
      let rows = FloatBuffer(random.roughValues(ratio.outputs * rowSize))
      var filter = unsafe ck_resampler(
        rows: rows.base, taps: taps, row_size: rowSize, inputs: ratio.inputs,
        outputs: ratio.outputs)
      let count = taps % 11
      let reach = (count + 1) * ratio.inputs / ratio.outputs + 1
      let input = FloatBuffer(random.values(reach + taps))
      let output = FloatBuffer(count: 2 * count + 1)
      unsafe table.pointee.resample(
        &filter, input.base, taps % ratio.outputs, count, output.base, 2)
      return output
    }
  }

  @Test(arguments: Kernels.available)
  func frameWindow(kernels: Kernels) {
    unsafe Self.expectSame(kernels, sizes: Array(2...130) + [400]) { table, size, random in
      let samples = FloatBuffer(random.values(size))
      let window = FloatBuffer(random.values(size))
      let output = FloatBuffer(count: size + 4)
      unsafe table.pointee.frame_window(samples.base, window.base, size, output.base)
      return output
    }
  }

  @Test(arguments: Kernels.available)
  func powerSpectrum(kernels: Kernels) {
    unsafe Self.expectSame(kernels, sizes: (1...13).map { 1 << $0 }) { table, size, random in
      let samples = FloatBuffer(random.values(size, scale: 32_768))
      let transform = RealFourierTransform(size: size)
      let scratch = FloatBuffer(count: transform.scratchCount)
      let power = FloatBuffer(count: size / 2 + 1)
      let kernels = unsafe Kernels(variant: .portable, table: table)
      unsafe transform.power(
        of: samples.base, scratch: scratch.base, into: power.base, kernels: kernels)
      return power
    }
  }

  @Test func powerSpectrumIsTheDefinition() {
    // The sum of the definition in Double, for one size on the scalar and one on the vector path.
    for (size, kernels) in [(64, Kernels.best), (512, .best), (512, .reference)] {
      var random = KernelRandom(seed: 7)
      let samples = random.values(size)
      let transform = RealFourierTransform(size: size)
      let scratch = FloatBuffer(count: transform.scratchCount)
      let power = FloatBuffer(count: size / 2)
      let input = FloatBuffer(samples)
      unsafe transform.power(
        of: input.base, scratch: scratch.base, into: power.base, kernels: kernels)
      for bin in 0..<size / 2 {
        var real = 0.0
        var imaginary = 0.0
        for (n, x) in samples.enumerated() {
          let turns = Double(bin * n % size) / Double(size)
          let angle = TableFunctions.cosineAndSine(turns: turns - turns.rounded())
          real += Double(x) * angle.cosine
          imaginary -= Double(x) * angle.sine
        }
        let expected = real * real + imaginary * imaginary
        #expect(unsafe abs(Double(power.base[bin]) - expected) < 1e-4 * (1 + expected))
      }
    }
  }

  @Test(arguments: Kernels.available)
  func bandsAndLogarithm(kernels: Kernels) {
    unsafe Self.expectSame(kernels, sizes: 1...90) { table, size, random in
      let power = FloatBuffer(random.values(200, scale: 1e6).map(abs))
      var first: [Int32] = []
      var counts: [Int32] = []
      for _ in 0..<size {
        first.append(Int32(random.integer(in: 0...120)))
        counts.append(Int32(random.integer(in: 0...60)))
      }
      let weights = FloatBuffer(random.values(Int(counts.reduce(0, +))).map(abs))
      let mean = FloatBuffer(random.values(size))
      let std = FloatBuffer(random.values(size).map { abs($0) + 0.1 })
      let energies = FloatBuffer(random.values(size + 3))
      unsafe first.withUnsafeBufferPointer { first in
        unsafe counts.withUnsafeBufferPointer { counts in
          guard let f = first.baseAddress, let c = counts.baseAddress else { return }
          unsafe table.pointee.band_energies(
            power.base, weights.base, f, c, size, energies.base)
        }
      }
      unsafe table.pointee.log_normalise(energies.base, size, 1e-7, mean.base, std.base)
      return energies
    }
  }

  @Test(arguments: Kernels.available)
  func normalise(kernels: Kernels) {
    unsafe Self.expectSame(kernels, sizes: 1...40) { table, size, random in
      let input = FloatBuffer(random.roughValues(3 * size))
      let mean = FloatBuffer(random.values(size))
      let std = FloatBuffer(random.values(size).map { abs($0) + 0.1 })
      let output = FloatBuffer(random.values(3 * size + 3))
      unsafe table.pointee.normalise(
        input.base, 3, size, mean.base, std.base, output.base)
      return output
    }
  }
}
