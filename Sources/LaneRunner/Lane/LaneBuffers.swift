/// What a lane's calls read and write, allocated once.
@safe final class LaneBuffers {
  /// Samples that one front-end call takes at most.
  static let callSamples = 4_096

  let frameSize: Int
  let outputSize: Int
  /// Values that one stream's part of a model call can write: `chunkSize * outputSize`.
  let outputCapacity: Int
  private let mixedSize: Int
  /// Where each stream's samples at the model's rate begin, `[streams]`.
  @unsafe let values: UnsafeMutablePointer<UnsafePointer<Float>>
  /// Zeros `[callSamples, channels]`, for lost samples.
  @unsafe let silence: UnsafeMutablePointer<Float>
  /// The silence of every stream, `[streams]`.
  @unsafe let silentStreams: UnsafeMutablePointer<UnsafePointer<Float>>
  /// One frame's outputs of several batches side by side, `[streams, outputSize]`.
  @unsafe let gathered: UnsafeMutablePointer<Float>
  /// `[streams, callSamples, outputChannels]`; nothing where the channels stay as they are.
  @unsafe private let mixed: UnsafeMutablePointer<Float>
  /// `[streams, frameSize]`.
  @unsafe private let frames: UnsafeMutablePointer<Float>
  /// For each batch a part `[chunkSize, streams of the batch, outputSize]`.
  @unsafe private let outputs: UnsafeMutablePointer<Float>

  init(
    mixer: ChannelMixer, streams: Int, batches: Int, frameSize: Int, outputSize: Int,
    chunkSize: Int
  ) {
    self.frameSize = frameSize
    self.outputSize = outputSize
    outputCapacity = chunkSize * outputSize
    mixedSize = mixer.copies ? Self.callSamples * mixer.outputChannels : 0
    unsafe mixed = Self.zeros(streams * mixedSize)
    unsafe silence = Self.zeros(
      Self.callSamples * max(mixer.inputChannels, mixer.outputChannels))
    unsafe frames = Self.zeros(streams * frameSize)
    unsafe outputs = Self.zeros(streams * outputCapacity)
    unsafe gathered = Self.zeros(streams * outputSize)
    unsafe values = .allocate(capacity: streams)
    unsafe values.initialize(repeating: UnsafePointer(silence), count: streams)
    unsafe silentStreams = .allocate(capacity: streams)
    unsafe silentStreams.initialize(repeating: UnsafePointer(silence), count: streams)
  }

  deinit {
    unsafe mixed.deallocate()
    unsafe silence.deallocate()
    unsafe frames.deallocate()
    unsafe outputs.deallocate()
    unsafe gathered.deallocate()
    unsafe values.deallocate()
    unsafe silentStreams.deallocate()
  }

  /// Where the mixer may write a stream's samples.
  @unsafe func mixed(of stream: Int) -> UnsafeMutablePointer<Float> {
    unsafe mixed + stream * mixedSize
  }

  /// A stream's frame; those of a batch lie behind each other.
  @unsafe func frames(of stream: Int) -> UnsafeMutablePointer<Float> {
    unsafe frames + stream * frameSize
  }

  /// The outputs of the batch that begins with a stream.
  @unsafe func outputs(of stream: Int) -> UnsafeMutablePointer<Float> {
    unsafe outputs + stream * outputCapacity
  }

  @unsafe private static func zeros(_ count: Int) -> UnsafeMutablePointer<Float> {
    let pointer = UnsafeMutablePointer<Float>.allocate(capacity: max(1, count))
    unsafe pointer.initialize(repeating: 0, count: max(1, count))
    return unsafe pointer
  }
}
