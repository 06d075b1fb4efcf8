import StreamCore

/// Where a lane's frames lie in the source: frame n ends with model sample n * hop + window - 1.
///
/// The grid is absolute: gaps and resets do not move it.
struct FrameGrid: Sendable {
  let window: UInt64
  let hop: UInt64
  let chunkSize: UInt64
  /// Samples per second of the model.
  let sampleRate: Int

  /// Samples per second of the source, in which positions count.
  let sourceRate: Int

  init(frontEnd: FrontEnd, chunkSize: Int, sourceRate: Int) {
    self.sourceRate = sourceRate
    window = UInt64(frontEnd.window)
    hop = UInt64(frontEnd.hop)
    self.chunkSize = UInt64(chunkSize)
    sampleRate = frontEnd.sampleRate
  }

  /// The source position just after the sample whose arrival completes a frame.
  func end(ofFrame frame: UInt64) -> UInt64 { frame * hop + window }

  /// The first frame that ends after `position` samples.
  func firstFrame(endingAfter position: UInt64) -> UInt64 {
    position < window ? 0 : (position - window) / hop + 1
  }

  /// Seconds from the start of the stream to the end of a frame.
  func time(ofFrame frame: UInt64) -> Double {
    Double(frame * hop + window) / Double(sampleRate)
  }

  /// Nanoseconds from one frame to the next.
  var framePeriod: Double { Double(hop) * 1e9 / Double(sampleRate) }

  /// The last hop and chunk boundary at or before a source position, where a stream may begin anew.
  func boundary(before position: UInt64) -> UInt64 {
    let step = hop * chunkSize
    return position / step * step
  }
}
