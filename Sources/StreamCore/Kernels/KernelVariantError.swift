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
