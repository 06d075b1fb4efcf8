internal import CStreamKernels
import PlainText

/// (x - mean) / std of every channel; a sample is a frame.
public struct ChannelNormaliser: FrontEnd {
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
  public func makeStream() -> AnyFrameProcessor {
    AnyFrameProcessor(makeStream(kernels: .selected))
  }

  func makeStream(kernels: Kernels) -> Stream { Stream(normaliser: self, kernels: kernels) }

  /// Samples `[samples, channels]` in, as many frames out.
  struct Stream: ~Copyable, FrameProcessor {
    let normaliser: ChannelNormaliser
    let kernels: Kernels

    var inputSize: Int { normaliser.channels }
    var outputSize: Int { normaliser.channels }

    func outputCapacity(forFrames count: Int) -> Int { count }

    mutating func process(
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

    mutating func reset(stream: Int, at position: UInt64) {}

    mutating func exchange(stream: Int, with archive: inout StateArchive) {}
  }
}

extension ChannelNormaliser {
  /// What a model file says of it.
  public struct Configuration: FrontEndConfiguration, Equatable {
    /// Samples per second.
    public let sampleRate: Int
    public let channels: Int

    public init(sampleRate: Int, channels: Int) {
      self.sampleRate = sampleRate
      self.channels = channels
    }

    public var fields: [(name: String, value: String)] {
      [("sample_rate", "\(sampleRate)"), ("channels", "\(channels)")]
    }

    public var width: (field: String, value: Int) { ("channels", channels) }
    public var tensors: [TensorShape] { FrontEndStatistics.tensors(width: channels) }

    public func makeFrontEnd(tensors: [String: [Float]]) throws(FileDefect) -> any FrontEnd {
      let statistics = try FrontEndStatistics(tensors)
      return ChannelNormaliser(
        sampleRate: sampleRate, channels: channels, mean: statistics.mean, std: statistics.std)
    }
  }
}

extension FrontEndKind {
  /// `channel_normaliser`.
  public static let channelNormaliser = FrontEndKind(name: "channel_normaliser") {
    (_, sampleRate, channels) throws(FileDefect) in
    ChannelNormaliser.Configuration(sampleRate: sampleRate, channels: channels)
  }
}
