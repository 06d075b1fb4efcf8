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
    private let windowed: FloatBuffer
    private let scratch: FloatBuffer
    private let power: FloatBuffer

    private let kernels: Kernels

    /// Values of state and scratch.
    static func valueCount(_ logMel: LogMel) -> Int {
      let size = logMel.configuration.transformSize
      return logMel.window + size + logMel.transform.scratchCount + size / 2
    }

    init(logMel: LogMel, kernels: Kernels) {
      let size = logMel.configuration.transformSize
      self.logMel = logMel
      self.kernels = kernels
      held = FloatBuffer(count: logMel.configuration.window)
      windowed = FloatBuffer(count: size)
      scratch = FloatBuffer(count: logMel.transform.scratchCount)
      power = FloatBuffer(count: size / 2)
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
      unsafe table.pointee.frame_window(held.base, logMel.povey.base, c.window, windowed.base)
      unsafe logMel.transform.power(
        of: windowed.base, scratch: scratch.base, into: power.base, kernels: kernels)
      unsafe logMel.bands.energies(of: power.base, into: frame, kernels: kernels)
      unsafe table.pointee.log_normalise(
        frame, c.melBands, LogMel.energyFloor, logMel.mean.base, logMel.std.base)
    }
  }
}
