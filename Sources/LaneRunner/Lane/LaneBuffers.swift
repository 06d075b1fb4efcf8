import StreamCore

/// What a lane's calls read and write, allocated once.
@safe final class LaneBuffers {
  /// Samples that one front-end call takes at most, whatever the window: longer ones take several.
  static let longestCall = 4_096

  /// Samples that one front-end call of this lane takes at most.
  let callSamples: Int
  let frameSize: Int
  let outputSize: Int
  /// Values that one stream's part of a model call can write: `callFrames * outputSize`.
  let outputCapacity: Int
  /// Values that one call of a stream's resampler can write.
  let resampledCapacity: Int
  private let mixedSize: Int
  /// Where each stream's samples at the model's rate begin, `[streams]`.
  @unsafe let values: UnsafeMutablePointer<UnsafePointer<Float>>
  /// The silence of every stream, `[streams]`.
  @unsafe let silentStreams: UnsafeMutablePointer<UnsafePointer<Float>>
  /// Zeros `[callSamples, channels]`, for lost samples.
  private let silence: FloatBuffer
  /// One frame's outputs of several batches side by side, `[streams, outputSize]`.
  let gathered: FloatBuffer
  /// `[streams, callSamples, outputChannels]`; nothing where the channels stay as they are.
  private let mixed: FloatBuffer
  /// `[streams, resampledCapacity]`; nothing where the source has the model's rate.
  private let resampled: FloatBuffer
  /// `[streams, frameSize]`.
  private let frames: FloatBuffer
  /// For each batch a part `[callFrames, streams of the batch, outputSize]`.
  private let outputs: FloatBuffer

  /// Buffers for calls of so many samples at the source's rate as the frames of `grid` take, and of models
  /// that write at most `callFrames` frames a call.
  init(
    mixer: ChannelMixer, grid: FrameGrid, streams: Int, frameSize: Int, outputSize: Int,
    callFrames: Int
  ) {
    callSamples = Int(min(UInt64(Self.longestCall), grid.longestCall))
    self.frameSize = frameSize
    self.outputSize = outputSize
    outputCapacity = callFrames * outputSize
    resampledCapacity =
      grid.resampler.map { [callSamples] in
        let samples = UInt64(callSamples + $0.tapCount)
        return (Int($0.outputsWithFinish(forInputs: samples)) + 1) * mixer.outputChannels
      } ?? 0
    mixedSize = mixer.copies ? callSamples * mixer.outputChannels : 0
    mixed = FloatBuffer(count: streams * mixedSize)
    resampled = FloatBuffer(count: streams * resampledCapacity)
    silence = FloatBuffer(count: callSamples * max(mixer.inputChannels, mixer.outputChannels))
    frames = FloatBuffer(count: streams * frameSize)
    outputs = FloatBuffer(count: streams * outputCapacity)
    gathered = FloatBuffer(count: streams * outputSize)
    unsafe values = .allocate(capacity: streams)
    unsafe values.initialize(repeating: UnsafePointer(silence.base), count: streams)
    unsafe silentStreams = .allocate(capacity: streams)
    unsafe silentStreams.initialize(repeating: UnsafePointer(silence.base), count: streams)
  }

  deinit {
    unsafe values.deallocate()
    unsafe silentStreams.deallocate()
  }

  /// Where the mixer may write a stream's samples.
  @unsafe func mixed(of stream: Int) -> UnsafeMutablePointer<Float> {
    unsafe mixed.base + stream * mixedSize
  }

  /// Where a stream's resampler writes.
  @unsafe func resampled(of stream: Int) -> UnsafeMutablePointer<Float> {
    unsafe resampled.base + stream * resampledCapacity
  }

  /// A stream's frame; those of a batch lie behind each other.
  @unsafe func frames(of stream: Int) -> UnsafeMutablePointer<Float> {
    unsafe frames.base + stream * frameSize
  }

  /// The outputs of the batch that begins with a stream.
  @unsafe func outputs(of stream: Int) -> UnsafeMutablePointer<Float> {
    unsafe outputs.base + stream * outputCapacity
  }
}
