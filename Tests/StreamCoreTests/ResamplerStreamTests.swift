import Testing

@testable import StreamCore

@Suite struct ResamplerStreamTests {
  static let ratios = [
    (48_000, 16_000), (44_100, 16_000), (8_000, 16_000), (16_000, 8_000), (11_025, 16_000),
    (16_000, 16_000), (44_056, 16_000), (7, 5), (1, 12), (12, 1), (50, 60),
  ]

  static func noise(_ count: Int, seed: UInt64 = 1) -> [Float] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(Int32(truncatingIfNeeded: state >> 32)) / 2_147_483_648
    }
  }

  static func bits(_ values: [Float]) -> [UInt32] { values.map(\.bitPattern) }

  @Test(arguments: ratios) func everySplitGivesTheSameBytes(from: Int, to: Int) throws {
    let resampler = try Resampler(from: from, to: to)
    let samples = Self.noise(3 * resampler.tapCount + 1_777)
    let expected = Self.bits(resampler.run(samples))
    #expect(UInt64(expected.count) == resampler.outputsWithFinish(forInputs: UInt64(samples.count)))
    #expect(Self.bits(resampler.run(samples, split: { 1 })) == expected)
    #expect(Self.bits(resampler.run(samples, split: { 160 })) == expected)
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<3 {
      let random = resampler.run(samples, split: { Int.random(in: 0...700, using: &generator) })
      #expect(Self.bits(random) == expected)
    }
  }

  /// The order of arithmetic, written out by itself from the table's definition.
  @Test(arguments: [(44_100, 16_000), (8_000, 16_000)])
  func outputsArePartialSums(from: Int, to: Int) throws {
    let resampler = try Resampler(from: from, to: to)
    let samples = Self.noise(1_000)
    let output = resampler.run(samples)
    for (m, value) in output.enumerated() {
      let first = m * resampler.boundary.inputs / resampler.boundary.outputs - resampler.halfWidth
      let row = m % resampler.boundary.outputs * resampler.table.rowSize
      var sums = PartialSums()
      for k in 0..<resampler.tapCount {
        let x = samples.indices.contains(first + k) ? samples[first + k] : 0
        let weight = unsafe resampler.table.coefficients.base[row + k]
        sums.addProduct(x, weight, at: k)
      }
      #expect(value == sums.total)
    }
  }

  @Test(arguments: ratios) func resetEqualsNew(from: Int, to: Int) throws {
    let resampler = try Resampler(from: from, to: to)
    let samples = Self.noise(2_000)
    let expected = Self.bits(resampler.run(samples))
    var stream = resampler.makeStream()
    _ = stream.take(Self.noise(1_234, seed: 9))
    stream.reset(stream: 0, at: 0)
    #expect(Self.bits(stream.run(samples)) == expected)
    let far = UInt64(resampler.boundary.outputs) << 33
    stream.reset(stream: 0, at: far)
    #expect(stream.position == far)
    #expect(Self.bits(stream.run(samples)) == expected)
    #expect(stream.position == far + UInt64(expected.count))
  }

  /// Any split, a reset in between: channels side by side are the bits of each by itself.
  @Test(arguments: [(100, 50), (52, 50), (25, 50), (44_100, 16_000)])
  func channelsAreFilteredAlone(from: Int, to: Int) throws {
    let resampler = try Resampler(from: from, to: to)
    let channels = 6
    let apart = (0..<channels).map {
      Self.noise(3 * resampler.tapCount + 1_777, seed: UInt64($0 + 1))
    }
    let together = apart[0].indices.flatMap { index in apart.map { $0[index] } }
    let expected = apart.map { Self.bits(resampler.run($0)) }
    var stream = resampler.makeStream(channels: channels)
    #expect(stream.inputSize == channels && stream.outputSize == channels)
    for size in [1, 160, 701, together.count] {
      let output = Self.bits(stream.run(together, split: { size * channels }))
      for channel in 0..<channels {
        let own = stride(from: channel, to: output.count, by: channels).map { output[$0] }
        #expect(own == expected[channel], "\(channel) in parts of \(size)")
      }
      stream.reset(stream: 0, at: UInt64(resampler.boundary.outputs))
    }
  }

  @Test func advanceContinuesAtABoundary() throws {
    let resampler = try Resampler(from: 44_100, to: 16_000)
    let samples = Self.noise(1_500)
    var stream = resampler.makeStream()
    _ = stream.take(Self.noise(500))
    stream.advance(frames: 441 * 3 - 500, stream: 0)
    #expect(stream.position == 480)
    #expect(Self.bits(stream.run(samples)) == Self.bits(resampler.run(samples)))
  }

  @Test(arguments: ratios) func shortInputs(from: Int, to: Int) throws {
    let resampler = try Resampler(from: from, to: to)
    #expect(resampler.run([]).isEmpty)
    for count in 1...40 {
      let expected = (count - 1) * resampler.boundary.outputs / resampler.boundary.inputs + 1
      #expect(resampler.run(Self.noise(count)).count == expected)
    }
    var stream = resampler.makeStream()
    _ = stream.run(Self.noise(40))
    #expect(stream.end().isEmpty)
  }
}
