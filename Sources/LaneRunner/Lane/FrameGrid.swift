import StreamCore
import StreamIO

/// Where a lane's frames lie in the source: frame n ends with model sample n * hop + window - 1.
///
/// The grid is absolute: gaps and resets do not move it. Where the source has another rate than the
/// model, source positions go through the resampler, its look-ahead included.
package struct FrameGrid: Sendable {
  let window: UInt64
  let hop: UInt64
  let chunkSize: UInt64
  /// Samples per second of the model.
  let sampleRate: Int
  /// Samples per second of the source, in which positions count.
  package let sourceRate: Int
  let resampler: Resampler?

  package init(frontEnd: any FrontEnd, chunkSize: Int, sourceRate: Int, resampler: Resampler? = nil)
  {
    self.sourceRate = sourceRate
    self.resampler = resampler
    window = UInt64(frontEnd.window)
    hop = UInt64(frontEnd.hop)
    self.chunkSize = UInt64(chunkSize)
    sampleRate = frontEnd.sampleRate
  }

  /// Model samples up to the end of a frame.
  func modelEnd(ofFrame frame: UInt64) -> UInt64 { frame * hop + window }

  /// The source position just after the sample whose arrival completes a frame.
  package func end(ofFrame frame: UInt64) -> UInt64 {
    let samples = modelEnd(ofFrame: frame)
    return resampler?.inputsNeeded(forOutputs: samples) ?? samples
  }

  /// Source samples that one frame takes at most, after those of the frame before it.
  var longestCall: UInt64 {
    // A frame is the first one or as far from the next as any other, but for the resampler's phase.
    max(end(ofFrame: 0), end(ofFrame: 1) - end(ofFrame: 0) + 2)
  }

  /// The first frame that ends after `position` source samples.
  func firstFrame(endingAfter position: UInt64) -> UInt64 {
    let samples = resampler?.outputs(forInputs: position) ?? position
    return samples < window ? 0 : (samples - window) / hop + 1
  }

  /// Seconds from the start of the stream to the end of a frame.
  package func time(ofFrame frame: UInt64) -> Double {
    Double(modelEnd(ofFrame: frame)) / Double(sampleRate)
  }

  /// The end of a frame in seconds on the clock of the input's stamps, which has `point` for the source
  /// sample at `position`; without a point, as above.
  func time(ofFrame frame: UInt64, at point: GridPoint?, of position: UInt64) -> Double {
    guard let point else { return time(ofFrame: frame) }
    let end = Double(modelEnd(ofFrame: frame)) * Double(sourceRate) / Double(sampleRate)
    return GridPoint.seconds(
      point.time + Int64(((end - Double(position)) * point.period).rounded()))
  }

  /// Nanoseconds from one frame to the next.
  package var framePeriod: Double { Double(hop) * 1e9 / Double(sampleRate) }

  /// What lies before arrival: the window, and the resampler's look-ahead, in seconds.
  var signalDelaySeconds: Double {
    Double(window) / Double(sampleRate) + (resampler?.groupDelaySeconds ?? 0)
  }

  /// The last instant at or before a source position that is a boundary of hop, chunk and resampler,
  /// where a stream may begin anew: in source samples and in model samples.
  func boundary(before position: UInt64) -> (source: UInt64, model: UInt64) {
    let ratio = resampler?.boundary ?? (inputs: 1, outputs: 1)
    let inputs = UInt64(ratio.inputs)
    let outputs = UInt64(ratio.outputs)
    let chunk = hop * chunkSize
    let step = chunk / Resampler.greatestCommonDivisor(chunk, outputs) * outputs
    let sourceStep = step / outputs * inputs
    let count = position / sourceStep
    return (count * sourceStep, count * step)
  }
}
