/// Samples at one rate from samples at another: a rational polyphase filter of linear phase, a sinc
/// under a Kaiser window.
///
/// With L / M the reduced ratio of the rates, output m is the signal at source time m * M / L: the
/// delay is compensated, so that it is only a wait for `halfWidth` source samples of look-ahead.
/// Zeros lie before the first sample and after the last one. In units of the lower Nyquist frequency
/// the pass band ends at 0.9 (within 0.1 dB) and the stop band begins at 1.0 (aliases and images
/// below -80 dB). Equal rates pass samples on as they are.
///
/// An output is 16 partial sums over the taps by k mod 16, each ascending from +0 with fused
/// multiply-add, then the tree 8, 4, 2, 1; + 0 (no -0).
public struct Resampler: Sendable {
  /// Samples per second that go in.
  public let sourceRate: Int
  /// Samples per second that come out.
  public let outputRate: Int
  /// Source samples after an output's instant that it needs.
  public let halfWidth: Int
  /// The shortest stretch after which source and output positions meet: (M, L).
  public let boundary: (inputs: Int, outputs: Int)
  let table: ResamplerTable

  /// Makes the tables: the only allocation. Rates in Hz, 1 to 10,000,000.
  ///
  /// Throws `ConfigurationError` for a rate out of range, and for a ratio whose table would hold more
  /// than `coefficientLimit` floats: large numbers without a common divisor, or rates far apart.
  public init(from sourceRate: Int, to outputRate: Int) throws(ConfigurationError) {
    try ConfigurationError.check("source_rate", sourceRate, in: 1...10_000_000)
    try ConfigurationError.check("output_rate", outputRate, in: 1...10_000_000)
    let divisor = Self.greatestCommonDivisor(sourceRate, outputRate)
    let inputs = sourceRate / divisor
    let outputs = outputRate / divisor
    let halfWidth = ResamplerTable.halfWidth(inputs: inputs, outputs: outputs)
    let coefficients = outputs * ResamplerTable.rowSize(tapCount: 2 * halfWidth + 1)
    guard coefficients <= Self.coefficientLimit else {
      throw ConfigurationError(
        field: "source_rate, output_rate", found: "\(sourceRate), \(outputRate)",
        expected: "a ratio simpler than \(inputs):\(outputs), which takes \(coefficients) filter"
          + " coefficients (at most \(Self.coefficientLimit))")
    }
    self.sourceRate = sourceRate
    self.outputRate = outputRate
    self.halfWidth = halfWidth
    boundary = (inputs, outputs)
    table = ResamplerTable(inputs: inputs, outputs: outputs, halfWidth: halfWidth)
  }

  /// Floats in the largest table: 16 MiB. Of the rates next to each other it refuses the odd ones
  /// (48,001 to 16,000), of those in use none.
  public static let coefficientLimit = 1 << 22

  /// Source samples under one output.
  public var tapCount: Int { table.tapCount }

  /// How long after its instant an output can come, in seconds of the source: the signal delay.
  public var groupDelaySeconds: Double { Double(halfWidth) / Double(sourceRate) }

  /// State for one stream of so many channels (at least 1): the only allocation.
  public func makeStream(channels: Int = 1) -> Stream {
    makeStream(channels: channels, kernels: .selected)
  }

  func makeStream(channels: Int, kernels: Kernels) -> Stream {
    precondition(channels > 0, "a stream has a channel at least")
    return Stream(resampler: self, channels: channels, kernels: kernels)
  }

  package static func greatestCommonDivisor<Number: BinaryInteger>(
    _ a: Number, _ b: Number
  ) -> Number {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }
}
