import Testing

@testable import StreamCore

@Suite struct ResamplerPositionTests {
  /// One sample at a time, the stream does what the positions say.
  @Test(arguments: [
    (48_000, 16_000), (44_100, 16_000), (8_000, 16_000), (16_000, 8_000), (22_050, 16_000),
    (96_000, 16_000), (11_025, 16_000), (44_056, 16_000), (16_000, 16_000), (32_000, 48_000),
    (7, 5), (5, 7), (1, 30), (30, 1), (50, 60),
  ])
  func countsMatchTheStream(from: Int, to: Int) throws {
    let resampler = try Resampler(from: from, to: to)
    var stream = resampler.makeStream()
    var written: UInt64 = 0
    for given in 1...UInt64(2 * resampler.tapCount + 300) {
      let before = written
      written += UInt64(stream.take([0.5]).count)
      #expect(written == resampler.outputs(forInputs: given))
      for count in before..<written {
        #expect(resampler.inputsNeeded(forOutputs: count + 1) == given)
      }
    }
    #expect(resampler.inputsNeeded(forOutputs: 0) == 0)
    #expect(resampler.outputs(forInputs: 0) == 0)
  }

  @Test(arguments: [(44_100, 16_000), (11_025, 16_000), (48_000, 16_000), (8_000, 16_000)])
  func inverseFarOut(from: Int, to: Int) throws {
    let resampler = try Resampler(from: from, to: to)
    let counts: [UInt64] = [1 << 40, 1 << 55, (1 << 55) + 12_345, (1 << 61) + 7]
    for count in counts {
      let needed = resampler.inputsNeeded(forOutputs: count)
      #expect(resampler.outputs(forInputs: needed) >= count)
      #expect(resampler.outputs(forInputs: needed - 1) < count)
      let blocks = count / UInt64(resampler.boundary.outputs)
      #expect(
        resampler.inputPosition(ofOutput: blocks * UInt64(resampler.boundary.outputs))
          == blocks * UInt64(resampler.boundary.inputs))
    }
    let faster = try Resampler(from: 8_000, to: 16_000)
    #expect(faster.outputs(forInputs: .max) == .max)
    #expect(faster.outputsWithFinish(forInputs: .max) == .max)
    let slower = try Resampler(from: 16_000, to: 8_000)
    #expect(slower.inputsNeeded(forOutputs: .max) == .max)
  }

  @Test func delays() throws {
    #expect(try Resampler(from: 48_000, to: 16_000).groupDelaySeconds == 134.0 / 48_000)
    #expect(try Resampler(from: 44_100, to: 16_000).boundary == (441, 160))
    let narrow = try Resampler(from: 8_000, to: 16_000)
    #expect(narrow.groupDelaySeconds == 45.0 / 8_000)
    #expect(narrow.makeStream().algorithmicLatency == 45)
  }

  @Test(arguments: [
    (0, 16_000), (16_000, 0), (-1, 16_000), (10_000_001, 16_000), (48_001, 16_000),
    (9_999_991, 10_000_000), (10_000_000, 1), (1, 10_000_000),
  ])
  func refused(from: Int, to: Int) {
    #expect(throws: ConfigurationError.self) { try Resampler(from: from, to: to) }
  }

  /// Rates in use keep their tables small.
  @Test(arguments: [
    8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 37_800, 44_056, 44_100, 47_952, 48_000,
    88_200, 96_000, 176_400, 192_000, 384_000, 1_000_000,
  ])
  func accepted(from: Int) throws {
    for output in [8_000, 16_000, 44_100, 48_000] {
      let resampler = try Resampler(from: from, to: output)
      #expect(resampler.table.coefficients.count <= Resampler.coefficientLimit)
    }
  }
}
