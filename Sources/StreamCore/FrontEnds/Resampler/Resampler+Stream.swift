extension Resampler {
  /// The source samples that outputs still need. Samples `[samples]` in, samples `[samples]` out.
  public struct Stream: ~Copyable, FrameProcessor {
    public let resampler: Resampler
    /// `[room]`, the oldest first; slid back when it is full.
    private let held: FloatBuffer
    private var heldCount: Int
    /// Where the next output's window begins in `held`.
    private var windowStart = 0
    /// The next output's row of the table, and L times the fraction of its source time.
    private var row = 0
    private var phase = 0
    /// Since the last reset, which was at output position `origin`.
    private var inputCount: UInt64 = 0
    private var outputCount: UInt64 = 0
    private var origin: UInt64 = 0
    private var isFinished = false

    init(resampler: Resampler) {
      self.resampler = resampler
      held = FloatBuffer(count: 2 * resampler.tapCount + 512)
      heldCount = resampler.halfWidth
    }

    public var inputSize: Int { 1 }
    public var outputSize: Int { 1 }
    public var streamCount: Int { 1 }
    /// Source samples after an output's instant that must arrive before it can come.
    public var algorithmicLatency: Int { resampler.halfWidth }
    /// Absolute index of the next output.
    public var position: UInt64 { origin + outputCount }

    public func outputCapacity(forFrames count: Int) -> Int {
      Int(resampler.outputsWithFinish(forInputs: inputCount + UInt64(count)) - outputCount)
    }

    public mutating func process(
      _ samples: Span<Float>, into output: inout MutableSpan<Float>
    ) -> Int {
      precondition(!isFinished, "reset the stream first")
      precondition(
        output.count >= outputCapacity(forFrames: samples.count), "no room for the outputs")
      var taken = 0
      var written = 0
      unsafe samples.withUnsafeBufferPointer { source in
        unsafe output.withUnsafeMutableBufferPointer { destination in
          guard let x = source.baseAddress, let y = destination.baseAddress else { return }
          while taken < samples.count {
            let part = min(makeRoom(), samples.count - taken)
            unsafe (held.base + heldCount).update(from: x + taken, count: part)
            heldCount += part
            taken += part
            written += unsafe computeOutputs(into: y + written, most: destination.count - written)
          }
        }
      }
      inputCount += UInt64(taken)
      outputCount += UInt64(written)
      return written
    }

    /// Releases the outputs that wait for look-ahead, with zeros after the last sample.
    public mutating func finish(into output: inout MutableSpan<Float>) -> Int {
      let count = isFinished ? 0 : outputCapacity(forFrames: 0)
      precondition(output.count >= count, "no room for the outputs")
      var written = 0
      unsafe output.withUnsafeMutableBufferPointer { destination in
        guard let y = destination.baseAddress else { return }
        while written < count {
          let part = min(makeRoom(), resampler.halfWidth)
          held.zero(heldCount..<heldCount + part)
          heldCount += part
          written += unsafe computeOutputs(into: y + written, most: count - written)
        }
      }
      outputCount += UInt64(written)
      isFinished = true
      return written
    }

    /// Skips source samples that were never given: zeros lie before the next one, whose position must
    /// be a multiple of M. Outputs that were waiting are lost unless `finish` came before.
    public mutating func advance(frames: Int, stream: Int) {
      let inputs = UInt64(resampler.boundary.inputs)
      let (blocks, rest) = (inputCount + UInt64(frames)).quotientAndRemainder(dividingBy: inputs)
      precondition(rest == 0, "a resampler continues at a boundary only")
      reset(stream: stream, at: origin + blocks * UInt64(resampler.boundary.outputs))
    }

    /// `position` counts outputs and is a multiple of L; the source continues at that times M / L.
    public mutating func reset(stream: Int, at position: UInt64) {
      precondition(stream == 0, "a resampler has one stream")
      precondition(
        position.isMultiple(of: UInt64(resampler.boundary.outputs)),
        "a resampler continues at a boundary only")
      held.zero(0..<resampler.halfWidth)
      heldCount = resampler.halfWidth
      windowStart = 0
      row = 0
      phase = 0
      inputCount = 0
      outputCount = 0
      origin = position
      isFinished = false
    }

    /// Floats free at the end of `held`, after dropping what no output needs if there were none.
    private mutating func makeRoom() -> Int {
      if heldCount == held.count {
        let kept = heldCount - windowStart
        unsafe held.base.update(from: held.base + windowStart, count: kept)
        heldCount = kept
        windowStart = 0
      }
      return held.count - heldCount
    }

    /// Writes the outputs whose window is full.
    @unsafe private mutating func computeOutputs(
      into y: UnsafeMutablePointer<Float>, most: Int
    ) -> Int {
      let table = resampler.table
      let taps = table.tapCount
      let (wholeStep, phaseStep) = table.inputs.quotientAndRemainder(dividingBy: table.outputs)
      var count = 0
      while windowStart + taps <= heldCount, count < most {
        unsafe y[count] = Self.weightedSum(
          of: held.base + windowStart, weights: table.coefficients.base + row * taps, count: taps)
        count += 1
        row = row + 1 == table.outputs ? 0 : row + 1
        windowStart += wholeStep
        phase += phaseStep
        if phase >= table.outputs {
          phase -= table.outputs
          windowStart += 1
        }
      }
      return count
    }

    @unsafe private static func weightedSum(
      of x: UnsafePointer<Float>, weights: UnsafePointer<Float>, count: Int
    ) -> Float {
      var even: Float = 0
      var odd: Float = 0
      var k = 0
      while k + 1 < count {
        unsafe even = even.addingProduct(x[k], weights[k])
        unsafe odd = odd.addingProduct(x[k + 1], weights[k + 1])
        k += 2
      }
      if k < count { unsafe even = even.addingProduct(x[k], weights[k]) }
      return (even + odd) + 0
    }
  }
}
