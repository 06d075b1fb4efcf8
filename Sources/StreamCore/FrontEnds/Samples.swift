import PlainText

/// Raw samples under a window: frame t is the samples t * hop - context ... (t + 1) * hop - 1 of every
/// channel, `[channels, context + hop]`, zeros before the start. Equals
/// `torch.nn.functional.pad(x, (context, 0)).unfold(-1, context + hop, hop)`.
public struct Samples: FrontEnd, FrontEndConfiguration, Equatable {
  public let sampleRate: Int
  public let channels: Int
  public let hop: Int
  /// Samples before the hop that a frame has in it once more.
  public let context: Int

  /// Checks the values; throws `ConfigurationError` for one out of range.
  public init(
    sampleRate: Int, channels: Int = 1, hop: Int, context: Int = 0
  ) throws(ConfigurationError) {
    try ConfigurationError.check("hop", hop, in: 1...SizeLimit.width)
    try ConfigurationError.check("context", context, in: 0...SizeLimit.width)
    try ConfigurationError.check(
      "channels", channels, in: 1...SizeLimit.context / (hop + context))
    self.sampleRate = sampleRate
    self.channels = channels
    self.hop = hop
    self.context = context
  }

  /// A frame needs the samples of its hop alone to come: what is before them was there already.
  public var window: Int { hop }
  public var frameSize: Int { channels * (context + hop) }
  public var stateBytes: Int { frameSize * MemoryLayout<Float>.stride }

  public func makeStream() -> AnyFrameProcessor { AnyFrameProcessor(Stream(samples: self)) }

  /// The window that is filling up. Samples `[samples, channels]` in, frames `[frames, frameSize]` out.
  struct Stream: ~Copyable, FrameProcessor {
    let samples: Samples
    /// `[channels, context + hop]`.
    private let held: FloatBuffer
    /// Samples of the present hop.
    private var heldCount = 0

    init(samples: Samples) {
      self.samples = samples
      held = FloatBuffer(count: samples.frameSize)
    }

    var inputSize: Int { samples.channels }
    var outputSize: Int { samples.frameSize }

    func outputCapacity(forFrames count: Int) -> Int { (heldCount + count) / samples.hop }

    mutating func process(
      _ input: Span<Float>, into frames: inout MutableSpan<Float>
    ) -> Int {
      let channels = samples.channels
      let count = input.count / channels
      precondition(input.count == count * channels, "samples must be [samples, channels]")
      precondition(
        frames.count >= outputCapacity(forFrames: count) * outputSize, "no room for the frames")
      var written = 0
      unsafe input.withUnsafeBufferPointer { source in
        unsafe frames.withUnsafeMutableBufferPointer { destination in
          guard let x = source.baseAddress else { return }
          for sample in 0..<count {
            unsafe hold(x + sample * channels)
            guard heldCount == samples.hop, let y = destination.baseAddress else { continue }
            unsafe (y + written * outputSize).update(from: held.base, count: outputSize)
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
      held.zero(0..<held.count)
      heldCount = 0
    }

    mutating func exchange(stream: Int, with archive: inout StateArchive) {
      archive.memory(held)
      archive.value(&heldCount)
      archive.check(heldCount >= 0 && heldCount < samples.hop)
    }

    /// Puts a sample of every channel behind those of its channel.
    @unsafe private mutating func hold(_ values: UnsafePointer<Float>) {
      let width = samples.context + samples.hop
      for channel in 0..<samples.channels {
        unsafe held.base[channel * width + samples.context + heldCount] = values[channel]
      }
      heldCount += 1
    }

    /// Keeps of every channel the last samples as the next frame's context.
    private mutating func slide() {
      let width = samples.context + samples.hop
      for channel in 0..<samples.channels {
        let row = unsafe held.base + channel * width
        unsafe row.update(from: row + samples.hop, count: samples.context)
      }
      heldCount = 0
    }
  }
}

extension Samples {
  public var fields: [(name: String, value: String)] {
    [
      ("sample_rate", "\(sampleRate)"), ("channels", "\(channels)"), ("hop", "\(hop)"),
      ("context", "\(context)"),
    ]
  }

  public var width: (field: String, value: Int) { ("channels x (context + hop)", frameSize) }

  public func makeFrontEnd(tensors: [String: [Float]]) -> any FrontEnd { self }
}

extension FrontEndKind {
  /// `samples`.
  public static let samples = FrontEndKind(name: "samples") {
    (fields, sampleRate, channels) throws(FileDefect) in
    let hop = try fields.integer("hop")
    let context = try fields.integer("context")
    do throws(ConfigurationError) {
      return try Samples(sampleRate: sampleRate, channels: channels, hop: hop, context: context)
    } catch {
      throw FileDefect("\(fields.owner): \(error)")
    }
  }
}
