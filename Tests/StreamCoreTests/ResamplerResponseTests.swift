import Testing

@testable import StreamCore

@Suite struct ResamplerResponseTests {
  static let ratios = [
    (48_000, 16_000), (44_100, 16_000), (8_000, 16_000), (16_000, 8_000), (22_050, 16_000),
    (96_000, 16_000),
  ]

  /// Within 0.1 dB, in phase, and no image of it, up to 0.9 of the lower Nyquist frequency.
  @Test(arguments: ratios) func passBand(from: Int, to: Int) throws {
    let resampler = try Resampler(from: from, to: to)
    let nyquist = Double(min(from, to)) / 2
    var low = Double.infinity
    var high = -Double.infinity
    var rest = -Double.infinity
    for step in 0...60 {
      let hertz = nyquist * (0.011 + 0.889 * Double(step) / 60)
      let tone = ResamplerTone(resampler, hertz: hertz)
      #expect(abs(tone.gainDecibels) < 0.1, "\(hertz) Hz")
      #expect(abs(tone.phase) < 1e-4, "\(hertz) Hz")
      #expect(tone.restDecibels < -80, "\(hertz) Hz")
      low = min(low, tone.gainDecibels)
      high = max(high, tone.gainDecibels)
      rest = max(rest, tone.restDecibels)
    }
    print("\(from) to \(to): pass band \(low) to \(high) dB, images \(rest) dB")
  }

  /// Aliases: nothing is left of a tone above the output's Nyquist frequency.
  @Test(arguments: ratios.filter { $0.0 > $0.1 }) func aliases(from: Int, to: Int) throws {
    let resampler = try Resampler(from: from, to: to)
    let low = Double(to) / 2
    let high = Double(from) / 2
    var most = -Double.infinity
    // Close together where the side lobes are highest, then up to the source's Nyquist frequency.
    let near = (0..<40).map { low * (1.001 + 0.2 * Double($0) / 40) }
    let far = (0..<40).map { low + (high - low) * (0.005 + 0.99 * Double($0) / 39) }
    for hertz in near + far {
      let tone = ResamplerTone(resampler, hertz: hertz)
      #expect(tone.totalDecibels < -80, "\(hertz) Hz")
      most = max(most, tone.totalDecibels)
    }
    print("\(from) to \(to): aliases \(most) dB")
  }

  /// Images: of a tone in the transition band too nothing lies above the source's Nyquist frequency.
  @Test func imagesOfTheTransitionBand() throws {
    let resampler = try Resampler(from: 8_000, to: 16_000)
    for step in 0..<40 {
      let hertz = 4_000 * (0.9 + 0.0999 * Double(step) / 40)
      #expect(ResamplerTone(resampler, hertz: hertz).restDecibels < -80, "\(hertz) Hz")
    }
  }

  /// The filter is the same read backwards: linear phase.
  @Test func symmetry() throws {
    let resampler = try Resampler(from: 44_100, to: 16_000)
    let width = resampler.halfWidth
    var impulse = [Float](repeating: 0, count: 441 * 4 + 1)
    impulse[441 * 2] = 1
    let response = resampler.run(impulse)
    let centre = 320
    #expect(response.count == 641)
    #expect(response[centre] > 0.3)
    for offset in 1...width { #expect(response[centre - offset] == response[centre + offset]) }
  }

  @Test func equalRatesPassThrough() throws {
    let resampler = try Resampler(from: 16_000, to: 16_000)
    #expect(resampler.halfWidth == 0)
    let samples = (0..<100).map { Float($0) * 0.37 - 11 }
    #expect(resampler.run(samples) == samples)
  }

  @Test func constantStaysConstant() throws {
    let resampler = try Resampler(from: 11_025, to: 16_000)
    let output = resampler.run([Float](repeating: 0.25, count: 400))
    for value in output[100..<400] { #expect(abs(value - 0.25) < 0.25e-4) }
  }
}
