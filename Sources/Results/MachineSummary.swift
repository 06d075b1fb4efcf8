import PlainText

/// Where the figures were measured; nil is what could not be found out.
public struct MachineSummary: Sendable, Equatable {
  /// The processor's name as the system gives it.
  public var processor: String?
  /// Which kernels ran, such as `avx2` or `portable`.
  public var kernelVariant: String?
  /// Cores that the process may use.
  public var cores: Int?
  /// Of the lanes' threads: `other` or `fifo`.
  public var schedulerPolicy: String?

  public init(
    processor: String? = nil, kernelVariant: String? = nil, cores: Int? = nil,
    schedulerPolicy: String? = nil
  ) {
    self.processor = processor
    self.kernelVariant = kernelVariant
    self.cores = cores
    self.schedulerPolicy = schedulerPolicy
  }

  var json: JSONValue {
    .object([
      ("processor", .text(processor)), ("kernel_variant", .text(kernelVariant)),
      ("cores", cores.map { .integer($0) } ?? .null), ("scheduler_policy", .text(schedulerPolicy)),
    ])
  }
}
