internal import CStreamKernels

extension LogMel {
  /// The samples of the window that is filling up. Samples `[samples]` in, frames `[frames, melBands]` out.
  struct Stream: ~Copyable, FrameProcessor {
    let logMel: LogMel
    /// `[window]`, the oldest first.
    private let held: FloatBuffer
    private var heldCount = 0
    /// Samples between two windows that belong to none (hop > window).
    private var skipCount = 0
    private let scratch: MemoryBlock
    private let power: FloatBuffer

    private let kernels: Kernels

    /// Bytes of state and scratch.
    static func byteCount(_ logMel: LogMel) -> Int {
      let spectrum = logMel.spectrum
      return (logMel.window + spectrum.binCount) * MemoryLayout<Float>.stride
        + spectrum.scratchBytes
    }

    init(logMel: LogMel, kernels: Kernels) {
      self.logMel = logMel
      self.kernels = kernels
      held = FloatBuffer(count: logMel.configuration.window)
      scratch = MemoryBlock(byteCount: logMel.spectrum.scratchBytes)
      power = FloatBuffer(count: logMel.spectrum.binCount)
    }

    var inputSize: Int { 1 }
    var outputSize: Int { logMel.configuration.melBands }

    func outputCapacity(forFrames count: Int) -> Int {
      let c = logMel.configuration
      return max(0, heldCount + count - skipCount - c.window + c.hop) / c.hop
    }

    mutating func process(
      _ samples: Span<Float>, into frames: inout MutableSpan<Float>
    ) -> Int {
      precondition(
        frames.count >= outputCapacity(forFrames: samples.count) * outputSize,
        "no room for the frames")
      let window = logMel.configuration.window
      var taken = 0
      var written = 0
      unsafe samples.withUnsafeBufferPointer { source in
        unsafe frames.withUnsafeMutableBufferPointer { destination in
          guard let x = source.baseAddress else { return }
          while taken < samples.count {
            let skipped = min(skipCount, samples.count - taken)
            skipCount -= skipped
            taken += skipped
            let part = min(window - heldCount, samples.count - taken)
            unsafe (held.base + heldCount).update(from: x + taken, count: part)
            heldCount += part
            taken += part
            guard heldCount == window, let y = destination.baseAddress else { continue }
            unsafe computeFrame(into: y + written * outputSize)
            written += 1
            slide()
          }
        }
      }
      return written
    }

    mutating func advance(frames: Int, stream: Int) {
      reset(stream: stream, at: 0)
    }

    mutating func reset(stream: Int, at position: UInt64) {
      precondition(stream == 0, "a front end has one stream")
      heldCount = 0
      skipCount = 0
    }

    mutating func exchange(stream: Int, with archive: inout StateArchive) {
      archive.memory(held)
      archive.value(&heldCount)
      archive.value(&skipCount)
      let c = logMel.configuration
      archive.check((0..<c.window).contains(heldCount) && (0...c.hop).contains(skipCount))
    }

    private mutating func slide() {
      let c = logMel.configuration
      let kept = max(0, c.window - c.hop)
      unsafe held.base.update(from: held.base + (c.window - kept), count: kept)
      heldCount = kept
      skipCount = max(0, c.hop - c.window)
    }

    @unsafe private func computeFrame(into frame: UnsafeMutablePointer<Float>) {
      let c = logMel.configuration
      let table = unsafe kernels.table
      let mode = ck_enter()
      defer { ck_leave(mode) }
      let options = c.options
      unsafe logMel.spectrum.power(
        of: held.base, scratch: scratch, into: power.base, kernels: kernels)
      if options.spectrum == .magnitude {
        for bin in 0..<power.count { unsafe power.base[bin] = power.base[bin].squareRoot() }
      }
      unsafe logMel.bands.energies(of: power.base, into: frame, kernels: kernels)
      unsafe table.pointee.log_normalise(
        frame, c.melBands, Float(options.floor), logMel.mean.base, logMel.std.base)
    }
  }
}
