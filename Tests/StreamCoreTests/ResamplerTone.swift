import Foundation

@testable import StreamCore

/// What a resampler makes of a tone: the part at its frequency, by least squares, and the rest.
struct ResamplerTone {
  /// Of the part at the tone's frequency.
  var gainDecibels: Double
  var phase: Double
  /// Mean power against the tone's.
  var restDecibels: Double
  var totalDecibels: Double

  /// Away from both ends `count` outputs are fitted.
  init(_ resampler: Resampler, hertz: Double, count: Int = 400) {
    let from = Double(resampler.sourceRate)
    let to = Double(resampler.outputRate)
    let skipped = Int(Double(resampler.halfWidth) * to / from) + 2
    let inputs = Int(resampler.inputsNeeded(forOutputs: UInt64(skipped + count)))
    let angle = 2 * Double.pi * hertz
    let start = 0.3
    let samples = (0..<inputs).map { Float(0.5 * cos(angle * Double($0) / from + start)) }
    var stream = resampler.makeStream()
    let outputs = stream.take(samples).suffix(count)
    var (cc, cs, ss, yc, ys, yy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    for (index, value) in zip(outputs.indices, outputs) {
      let c = 0.5 * cos(angle * Double(index) / to + start)
      let s = -0.5 * sin(angle * Double(index) / to + start)
      let y = Double(value)
      cc += c * c
      cs += c * s
      ss += s * s
      yc += y * c
      ys += y * s
      yy += y * y
    }
    let determinant = cc * ss - cs * cs
    let a = (yc * ss - ys * cs) / determinant
    let b = (ys * cc - yc * cs) / determinant
    let rest = max(yy - a * yc - b * ys, 0)
    let power = 0.125 * Double(count)
    gainDecibels = 10 * log10(a * a + b * b)
    phase = atan2(b, a)
    restDecibels = 10 * log10(rest / power + 1e-30)
    totalDecibels = 10 * log10(yy / power + 1e-30)
  }
}
