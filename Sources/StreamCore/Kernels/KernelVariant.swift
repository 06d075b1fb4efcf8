internal import CStreamKernels

/// An implementation of the kernels. All of them give the same bits; they differ in speed.
public enum KernelVariant: String, Sendable, CaseIterable {
  /// Plain C, on every machine.
  case portable
  /// AVX2 and FMA.
  case avx2
  /// AVX-512 (F, BW, VL, DQ), with VNNI and BF16 where the processor has them.
  case avx512
  /// arm64.
  case neon

  /// The environment variable that forces a variant by its name.
  public static let environmentVariable = "LOCKSTEP_KERNELS"

  /// What this processor can run, best first. Allocates.
  public static var available: [KernelVariant] {
    var list: [KernelVariant] = []
    for kernels in Kernels.available where list.last != kernels.variant {
      list.append(kernels.variant)
    }
    return list
  }

  /// What `makeStreams` and `makeStream` use: the one that `LOCKSTEP_KERNELS` names, else the best.
  ///
  /// Throws `KernelVariantError` for a name that is none, or one that this processor cannot run. A
  /// program asks once at its start; streams made in spite of the error run on the best.
  public static func selected() throws(KernelVariantError) -> KernelVariant {
    try Kernels.forced()?.variant ?? Kernels.best.variant
  }
}

/// A value of `LOCKSTEP_KERNELS` that cannot be.
public enum KernelVariantError: Error, Equatable, CustomStringConvertible {
  case unknown(String)
  case unavailable(KernelVariant)

  public var description: String {
    let name = KernelVariant.environmentVariable
    switch self {
    case .unknown(let word):
      let names = KernelVariant.allCases.map(\.rawValue).joined(separator: ", ")
      return "\(name) is '\(word)', expected one of \(names)"
    case .unavailable(let variant):
      let names = KernelVariant.available.map(\.rawValue).joined(separator: ", ")
      return "\(name) is \(variant.rawValue), which this processor cannot run; it can run \(names)"
    }
  }
}
