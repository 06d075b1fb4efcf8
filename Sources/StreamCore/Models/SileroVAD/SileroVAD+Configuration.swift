import PlainText

extension SileroVAD {
  /// Sizes of Silero VAD. A frame is 9/4 windows of the transform: of 256 samples the 64 before the hop
  /// and its 512.
  public struct Configuration: ModelConfiguration, Equatable {
    /// Samples under the window of the transform, a multiple of 4, at least 8; half a window on begins the next one.
    public let windowSize: Int
    /// Channels that each of the four convolutions gives.
    public let encoderSizes: [Int]
    public let hiddenSize: Int
    public let outputSize: Int

    /// Checks the sizes; throws `ConfigurationError` for one out of range.
    public init(
      windowSize: Int = 256, encoderSizes: [Int] = [128, 64, 64, 128], hiddenSize: Int = 128,
      outputSize: Int = 1
    ) throws(ConfigurationError) {
      self.windowSize = windowSize
      self.encoderSizes = encoderSizes
      self.hiddenSize = hiddenSize
      self.outputSize = outputSize
      try check()
    }

    /// Takes the sizes from the metadata's `configuration`.
    public init(_ fields: inout JSONFields) throws(FileDefect) {
      let inputSize = try fields.integer("input_size")
      windowSize = try fields.integer("window_size")
      encoderSizes = try fields.integers("encoder_sizes")
      hiddenSize = try fields.integer("hidden_size")
      outputSize = try fields.integer("output_size")
      do throws(ConfigurationError) {
        try check()
        guard inputSize == self.inputSize else {
          throw ConfigurationError(
            field: "input_size", found: "\(inputSize)",
            expected: "\(self.inputSize), 9/4 of window_size \(windowSize)")
        }
      } catch {
        throw FileDefect("\(fields.owner): \(error)")
      }
    }

    private func check() throws(ConfigurationError) {
      try ConfigurationError.check("window_size", windowSize, in: 8...SizeLimit.width / 4)
      guard windowSize % 4 == 0 else {
        throw ConfigurationError(
          field: "window_size", found: "\(windowSize)", expected: "a multiple of 4")
      }
      guard encoderSizes.count == SileroVAD.strides.count else {
        throw ConfigurationError(
          field: "encoder_sizes", found: "a list of \(encoderSizes.count)",
          expected: "a list of \(SileroVAD.strides.count)")
      }
      for size in encoderSizes {
        try ConfigurationError.check("an entry of encoder_sizes", size, in: 1...SizeLimit.width)
      }
      try ConfigurationError.check("hidden_size", hiddenSize, in: 1...SizeLimit.width)
      try ConfigurationError.check("output_size", outputSize, in: 1...SizeLimit.width)
    }

    static let architecture = "silero_vad"

    public var architecture: String { Self.architecture }
    public var inputSize: Int { windowSize / 4 * 9 }
    /// Samples that the reflection adds behind a frame.
    var reflectedSize: Int { windowSize / 4 }
    /// Frequencies of the transform.
    var binCount: Int { windowSize / 2 + 1 }
    /// Values that enter the LSTM.
    var encodedSize: Int { encoderSizes.last ?? 0 }
    /// Channels that enter a convolution.
    func channels(before layer: Int) -> Int { layer == 0 ? binCount : encoderSizes[layer - 1] }

    public var fields: [(name: String, value: String)] {
      [
        ("input_size", "\(inputSize)"), ("window_size", "\(windowSize)"),
        ("encoder_sizes", encoderSizes.map(String.init).joined(separator: ", ")),
        ("hidden_size", "\(hiddenSize)"), ("output_size", "\(outputSize)"),
      ]
    }

    public var tensors: [TensorShape] {
      var list: [TensorShape] = []
      for (layer, size) in encoderSizes.enumerated() {
        list.append(
          TensorShape("encoder.\(layer).weight", [size, channels(before: layer), 3]))
        list.append(TensorShape("encoder.\(layer).bias", [size]))
      }
      return list + [
        TensorShape("lstm.weight_ih_l0", [4 * hiddenSize, encodedSize]),
        TensorShape("lstm.weight_hh_l0", [4 * hiddenSize, hiddenSize]),
        TensorShape("lstm.bias_ih_l0", [4 * hiddenSize]),
        TensorShape("lstm.bias_hh_l0", [4 * hiddenSize]),
        TensorShape("head.weight", [outputSize, hiddenSize]),
        TensorShape("head.bias", [outputSize]),
      ]
    }

    public func makeModel(
      tensors: [String: [Float]], activation: OutputActivation, options: ModelOptions
    ) -> any StreamingModel {
      SileroVAD(
        configuration: self, activation: activation, tensors: tensors,
        precision: options.precision)
    }
  }
}

extension ModelFamily {
  /// `silero_vad`.
  public static let sileroVAD = ModelFamily(
    architecture: SileroVAD.Configuration.architecture,
    benchModels: [
      BenchModel(name: "silero") { () throws(ConfigurationError) in
        try SileroVAD.Configuration()
      }
    ]
  ) { (fields) throws(FileDefect) in
    try SileroVAD.Configuration(&fields)
  }
}
