internal import CStreamKernels

extension Resampler {
  /// The source samples that outputs still need. Samples `[samples, channels]` in, samples
  /// `[samples, channels]` out; each channel is filtered alone.
  public struct Stream: ~Copyable, FrameProcessor {
    public let resampler: Resampler
    private let kernels: Kernels
    private let channels: Int
    /// `[channels, room]`, the oldest first; slid back when it is full.
    private let held: FloatBuffer
    private let room: Int
    private var heldCount: Int
    /// Where the next output's window begins in `held`.
    private var windowStart = 0
    /// The next output's row of the table.
    private var row = 0
    /// Since the last reset, which was at output position `origin`.
    private var inputCount: UInt64 = 0
    private var outputCount: UInt64 = 0
    private var origin: UInt64 = 0
    private var isFinished = false

    init(resampler: Resampler, channels: Int, kernels: Kernels) {
      self.resampler = resampler
      self.kernels = kernels
      self.channels = channels
      room = 2 * resampler.tapCount + 512
      held = FloatBuffer(count: channels * room)
      heldCount = resampler.halfWidth
    }

    public var inputSize: Int { channels }
    public var outputSize: Int { channels }
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
      let count = frameCount(of: samples)
      precondition(
        output.count >= outputCapacity(forFrames: count) * channels, "no room for the outputs")
      var taken = 0
      var written = 0
      unsafe samples.withUnsafeBufferPointer { source in
        unsafe output.withUnsafeMutableBufferPointer { destination in
          guard let x = source.baseAddress, let y = destination.baseAddress else { return }
          let most = destination.count / channels
          while taken < count {
            let part = min(makeRoom(), count - taken)
            unsafe hold(x + taken * channels, count: part)
            taken += part
            written += unsafe computeOutputs(into: y + written * channels, most: most - written)
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
      precondition(output.count >= count * channels, "no room for the outputs")
      var written = 0
      unsafe output.withUnsafeMutableBufferPointer { destination in
        guard let y = destination.baseAddress else { return }
        while written < count {
          let part = min(makeRoom(), resampler.halfWidth)
          zero(heldCount..<heldCount + part)
          heldCount += part
          written += unsafe computeOutputs(into: y + written * channels, most: count - written)
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
      zero(0..<resampler.halfWidth)
      heldCount = resampler.halfWidth
      windowStart = 0
      row = 0
      inputCount = 0
      outputCount = 0
      origin = position
      isFinished = false
    }

    public mutating func exchange(stream: Int, with archive: inout StateArchive) {
      archive.memory(held)
      archive.value(&heldCount)
      archive.value(&windowStart)
      archive.value(&row)
      archive.value(&inputCount)
      archive.value(&outputCount)
      archive.value(&origin)
      archive.value(&isFinished)
      archive.check(windowStart >= 0 && windowStart <= heldCount && heldCount <= room)
      archive.check(row >= 0 && row < resampler.table.outputs)
      // Far beyond any stream, and far from overflow.
      archive.check(inputCount < 1 << 48 && origin < 1 << 48)
      if !archive.isDamaged {
        // What waits for look-ahead lies in the samples that are held.
        let whole = resampler.outputsWithFinish(forInputs: inputCount)
        archive.check(outputCount <= whole)
        archive.check(
          archive.isDamaged
            || whole - outputCount <= resampler.outputsWithFinish(forInputs: UInt64(heldCount)))
      }
    }

    /// Samples free at the end of `held`, after dropping what no output needs if there were none.
    private mutating func makeRoom() -> Int {
      if heldCount == room {
        let kept = heldCount - windowStart
        for channel in 0..<channels {
          let first = unsafe held.base + channel * room
          unsafe first.update(from: first + windowStart, count: kept)
        }
        heldCount = kept
        windowStart = 0
      }
      return room - heldCount
    }

    /// Puts `[count, channels]` samples behind those that are held.
    @unsafe private mutating func hold(_ x: UnsafePointer<Float>, count: Int) {
      for channel in 0..<channels {
        let end = unsafe held.base + channel * room + heldCount
        for index in 0..<count { unsafe end[index] = x[index * channels + channel] }
      }
      heldCount += count
    }

    /// Puts silence in places of every channel.
    private func zero(_ places: Range<Int>) {
      for channel in 0..<channels {
        held.zero(channel * room + places.lowerBound..<channel * room + places.upperBound)
      }
    }

    /// Writes the outputs whose window is full.
    @unsafe private mutating func computeOutputs(
      into y: UnsafeMutablePointer<Float>, most: Int
    ) -> Int {
      let table = resampler.table
      let spare = heldCount - windowStart - table.tapCount
      guard spare >= 0, most > 0 else { return 0 }
      // Output i begins (phase + i * M) / L samples after the first.
      let phase = row * table.inputs % table.outputs
      let count = min(most, ((spare + 1) * table.outputs - phase - 1) / table.inputs + 1)
      let mode = ck_enter()
      defer { ck_leave(mode) }
      var filter = unsafe table.filter
      for channel in 0..<channels {
        unsafe kernels.table.pointee.resample(
          &filter, held.base + channel * room + windowStart, row, count, y + channel, channels)
      }
      windowStart += (phase + count * table.inputs) / table.outputs
      row = (row + count) % table.outputs
      return count
    }
  }
}
