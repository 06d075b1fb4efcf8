/// A model behind a splice: it takes frames one by one and runs on each with its neighbours.
///
/// The splice stands on the model's side of the frames, so that a frame keeps its own time and its wait for
/// later ones is algorithmic latency, as a chunk's is.
public struct SplicedModel: StreamingModel {
  /// What runs on the spliced frames.
  public let model: any StreamingModel
  public let splice: Splice

  /// A model whose `inputSize` is `splice.count` frames.
  public init(model: any StreamingModel, splice: Splice) {
    precondition(model.inputSize % splice.count == 0, "the model must take whole frames")
    self.model = model
    self.splice = splice
  }

  public var inputSize: Int { model.inputSize / splice.count }
  public var outputSize: Int { model.outputSize }
  public var chunkSize: Int { model.chunkSize }
  public var algorithmicLatency: Int { model.algorithmicLatency + splice.right }
  public var leftContext: Int? { model.leftContext }
  public var settlingFrames: Int { model.settlingFrames + splice.count }
  public var canSkipFrames: Bool { model.canSkipFrames && splice.right == 0 }
  public var weightBytes: Int { model.weightBytes }

  public func stateBytes(streams: Int) -> Int {
    let held = Splice.Stream.valueCount(splice, frameSize: inputSize) * MemoryLayout<Float>.stride
    return streams * (model.stateBytes(streams: 1) + held)
  }

  public var multiplyAddsPerFrame: Int { model.multiplyAddsPerFrame }

  public func callDemand(frames: Int, streams: Int) -> CallDemand {
    model.callDemand(frames: frames, streams: streams)
  }

  /// The streams run one after the other.
  public func makeStreams(count: Int) -> AnyFrameProcessor {
    AnyFrameProcessor(streams: count) {
      Stream(
        splice: Splice.Stream(splice: splice, frameSize: inputSize),
        model: model.makeStreams(count: 1))
    }
  }
}

extension SplicedModel {
  struct Stream: ~Copyable, FrameProcessor {
    private var splice: Splice.Stream
    private var model: AnyFrameProcessor

    init(splice: consuming Splice.Stream, model: consuming AnyFrameProcessor) {
      self.splice = splice
      self.model = model
    }

    var inputSize: Int { splice.inputSize }
    var outputSize: Int { model.outputSize }
    var chunkSize: Int { model.chunkSize + splice.algorithmicLatency }
    var algorithmicLatency: Int { model.algorithmicLatency + splice.algorithmicLatency }
    var stateNorm: Double? { model.stateNorm }
    var cacheFill: Double? { model.cacheFill }

    func outputCapacity(forFrames count: Int) -> Int {
      model.outputCapacity(forFrames: count + splice.waiting)
    }

    func waitingFrames(stream: Int) -> Int? {
      model.waitingFrames(stream: stream).map { $0 + splice.waiting }
    }

    mutating func process(_ frames: Span<Float>, into output: inout MutableSpan<Float>) -> Int {
      let count = frameCount(of: frames)
      let size = inputSize
      var written = 0
      unsafe frames.withUnsafeBufferPointer { source in
        guard let x = source.baseAddress else { return }
        for frame in 0..<count {
          guard let spliced = unsafe splice.take(x + frame * size) else { continue }
          unsafe written += run(spliced, into: &output, after: written)
        }
      }
      return written
    }

    mutating func finish(into output: inout MutableSpan<Float>) -> Int {
      var written = 0
      for _ in 0..<splice.beginDraining() {
        unsafe written += run(splice.drained(), into: &output, after: written)
      }
      let values = outputSize
      let last = unsafe output.withUnsafeMutableBufferPointer { room in
        var rest = unsafe room.extracting((written * values)...).mutableSpan
        return model.finish(into: &rest)
      }
      return written + last
    }

    /// One spliced frame; returns the output frames, which lie behind those that were written.
    @unsafe private mutating func run(
      _ frame: UnsafePointer<Float>, into output: inout MutableSpan<Float>, after written: Int
    ) -> Int {
      let frames = unsafe Span(_unsafeStart: frame, count: model.inputSize)
      let values = outputSize
      return unsafe output.withUnsafeMutableBufferPointer { room in
        var rest = unsafe room.extracting((written * values)...).mutableSpan
        return model.process(frames, into: &rest)
      }
    }

    mutating func advance(frames: Int, stream: Int) {
      splice.advance(frames: frames, stream: stream)
      model.advance(frames: frames, stream: stream)
    }

    mutating func reset(stream: Int, at position: UInt64) {
      splice.reset(stream: stream, at: position)
      model.reset(stream: stream, at: position)
    }

    mutating func exchange(stream: Int, with archive: inout StateArchive) {
      splice.exchange(stream: stream, with: &archive)
      model.exchange(stream: stream, with: &archive)
    }
  }
}
