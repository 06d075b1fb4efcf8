import CStreamKernels
import Testing

@testable import StreamCore

/// Where two results differ in their bits, or nil. Two NaN are the same, whatever their payload: which of
/// two NaN operands survives is not ours to say.
func firstDifference(_ a: FloatBuffer, _ b: FloatBuffer) -> String? {
  guard a.count == b.count else { return "\(a.count) values and \(b.count)" }
  for index in 0..<a.count {
    let x = unsafe a.base[index]
    let y = unsafe b.base[index]
    if x.bitPattern == y.bitPattern || (x.isNaN && y.isNaN) { continue }
    return "value \(index) of \(a.count): \(x) and \(y)"
  }
  return nil
}

func firstDifference(_ a: [Float], _ b: [Float]) -> String? {
  firstDifference(FloatBuffer(a), FloatBuffer(b))
}

extension Kernels: CustomTestStringConvertible {
  public var testDescription: String {
    // What the table uses beyond the variant's own; often nothing.
    let extensions = unsafe String(cString: table.pointee.extensions)
    return extensions.isEmpty ? variant.rawValue : "\(variant.rawValue) with \(extensions)"
  }
}

/// Runs a body in the mode that kernels run in.
func inKernelMode<Result>(_ body: () -> Result) -> Result {
  let mode = ck_enter()
  defer { ck_leave(mode) }
  return body()
}
