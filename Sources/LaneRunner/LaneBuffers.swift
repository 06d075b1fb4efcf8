import StreamCore

/// What a lane's calls write to, allocated once.
@safe final class LaneBuffers {
  /// Samples that one front-end call takes at most.
  static let callSamples = 4_096

  let frameSize: Int
  let outputCapacity: Int
  /// `[callSamples, outputChannels]`.
  @unsafe let mixed: UnsafeMutablePointer<Float>
  /// Zeros `[callSamples, channels]`, for lost samples.
  @unsafe let silence: UnsafeMutablePointer<Float>
  /// `[frameSize]`.
  @unsafe let frame: UnsafeMutablePointer<Float>
  /// `[chunkSize, outputSize]`.
  @unsafe let output: UnsafeMutablePointer<Float>

  init(mixer: ChannelMixer, frameSize: Int, outputSize: Int, chunkSize: Int) {
    self.frameSize = frameSize
    outputCapacity = chunkSize * outputSize
    unsafe mixed = Self.zeros(Self.callSamples * mixer.outputChannels)
    unsafe silence = Self.zeros(
      Self.callSamples * max(mixer.inputChannels, mixer.outputChannels))
    unsafe frame = Self.zeros(frameSize)
    unsafe output = Self.zeros(outputCapacity)
  }

  deinit {
    unsafe mixed.deallocate()
    unsafe silence.deallocate()
    unsafe frame.deallocate()
    unsafe output.deallocate()
  }

  /// One call of a processor on raw buffers; returns the frames written.
  @unsafe static func run(
    _ processor: inout AnyFrameProcessor, _ input: UnsafePointer<Float>, count: Int,
    into output: UnsafeMutablePointer<Float>, capacity: Int
  ) -> Int {
    let frames = unsafe Span(_unsafeStart: input, count: count)
    var room = unsafe MutableSpan(_unsafeStart: output, count: capacity)
    return processor.process(frames, into: &room)
  }

  /// The processor's last frames; returns how many.
  @unsafe static func finish(
    _ processor: inout AnyFrameProcessor, into output: UnsafeMutablePointer<Float>, capacity: Int
  ) -> Int {
    var room = unsafe MutableSpan(_unsafeStart: output, count: capacity)
    return processor.finish(into: &room)
  }

  @unsafe private static func zeros(_ count: Int) -> UnsafeMutablePointer<Float> {
    let pointer = UnsafeMutablePointer<Float>.allocate(capacity: max(1, count))
    unsafe pointer.initialize(repeating: 0, count: max(1, count))
    return unsafe pointer
  }
}
