extension Resampler {
  /// Source samples that must have been given until `count` outputs have come out, without `finish`.
  ///
  /// Here and below a number beyond UInt64 becomes its maximum; nothing allocates.
  public func inputsNeeded(forOutputs count: UInt64) -> UInt64 {
    guard count > 0 else { return 0 }
    let needed = inputPosition(ofOutput: count - 1).addingReportingOverflow(UInt64(halfWidth) + 1)
    return needed.overflow ? .max : needed.partialValue
  }

  /// Outputs that have come out when `count` source samples were given, without `finish`.
  public func outputs(forInputs count: UInt64) -> UInt64 {
    guard count > UInt64(halfWidth) else { return 0 }
    return Self.scale(
      count - UInt64(halfWidth), by: boundary.outputs, over: boundary.inputs, roundingUp: true)
  }

  /// Outputs of a signal of `count` source samples, those that `finish` releases included:
  /// floor((count - 1) * L / M) + 1.
  public func outputsWithFinish(forInputs count: UInt64) -> UInt64 {
    guard count > 0 else { return 0 }
    let last = Self.scale(count - 1, by: boundary.outputs, over: boundary.inputs)
    return last == .max ? .max : last + 1
  }

  /// The last source sample at or before the instant of an output: floor(position * M / L).
  public func inputPosition(ofOutput position: UInt64) -> UInt64 {
    Self.scale(position, by: boundary.inputs, over: boundary.outputs)
  }

  /// count * factor / divisor without the product, which would not fit.
  private static func scale(
    _ count: UInt64, by factor: Int, over divisor: Int, roundingUp: Bool = false
  ) -> UInt64 {
    let (wholes, rest) = count.quotientAndRemainder(dividingBy: UInt64(divisor))
    let part = (rest * UInt64(factor) + (roundingUp ? UInt64(divisor) - 1 : 0)) / UInt64(divisor)
    let product = wholes.multipliedReportingOverflow(by: UInt64(factor))
    let sum = product.partialValue.addingReportingOverflow(part)
    return product.overflow || sum.overflow ? .max : sum.partialValue
  }
}
