internal import CStreamKernels

/// (x - mean) / std of every channel; a sample is a frame.
public struct ChannelNormaliser: Sendable {
  /// Samples per second.
  public let sampleRate: Int
  public let channels: Int
  let mean: FloatBuffer
  let std: FloatBuffer

  /// `mean` and `std` `[channels]`, every `std` above 0.
  public init(sampleRate: Int, channels: Int, mean: [Float], std: [Float]) {
    precondition(mean.count == channels && std.count == channels, "one mean and std a channel")
    self.sampleRate = sampleRate
    self.channels = channels
    self.mean = FloatBuffer(mean)
    self.std = FloatBuffer(std)
  }

  /// A stream of its own; it has no state.
  public func makeStream() -> Stream { makeStream(kernels: .selected) }

  func makeStream(kernels: Kernels) -> Stream { Stream(normaliser: self, kernels: kernels) }

  /// Samples `[samples, channels]` in, as many frames out.
  public struct Stream: ~Copyable, FrameProcessor {
    let normaliser: ChannelNormaliser
    let kernels: Kernels

    public var inputSize: Int { normaliser.channels }
    public var outputSize: Int { normaliser.channels }
    public var streamCount: Int { 1 }
    public var algorithmicLatency: Int { 0 }

    public func outputCapacity(forFrames count: Int) -> Int { count }

    public mutating func process(
      _ samples: Span<Float>, into frames: inout MutableSpan<Float>
    ) -> Int {
      let channels = normaliser.channels
      let count = samples.count / channels
      precondition(samples.count == count * channels, "samples must be [samples, channels]")
      precondition(frames.count >= samples.count, "no room for the frames")
      unsafe samples.withUnsafeBufferPointer { source in
        unsafe frames.withUnsafeMutableBufferPointer { destination in
          guard let x = source.baseAddress, let y = destination.baseAddress else { return }
          let mode = ck_enter()
          defer { ck_leave(mode) }
          unsafe kernels.table.pointee.normalise(
            x, count, channels, normaliser.mean.base, normaliser.std.base, y)
        }
      }
      return count
    }

    public mutating func finish(into output: inout MutableSpan<Float>) -> Int { 0 }
    public mutating func advance(frames: Int, stream: Int) {}
    public mutating func reset(stream: Int, at position: UInt64) {}
  }
}
