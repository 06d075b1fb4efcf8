/// A model of any architecture: immutable weights and configuration, shared by any number of streams.
public enum Model: Sendable {
  case recurrent(RecurrentModel)
  case streamingTransformer(StreamingTransformer)

  /// State for `count` streams that advance together: the only allocation.
  public func makeStreams(count: Int = 1) -> AnyFrameProcessor {
    switch self {
    case .recurrent(let model): model.makeStreams(count: count)
    case .streamingTransformer(let model): model.makeStreams(count: count)
    }
  }

  /// Values per frame that go in.
  public var inputSize: Int {
    switch self {
    case .recurrent(let model): model.configuration.inputSize
    case .streamingTransformer(let model): model.configuration.inputSize
    }
  }

  /// Values per frame that come out.
  public var outputSize: Int {
    switch self {
    case .recurrent(let model): model.configuration.outputSize
    case .streamingTransformer(let model): model.configuration.outputSize
    }
  }

  /// Frames that one call processes; 1 for a recurrent model.
  public var chunkSize: Int {
    switch self {
    case .recurrent: 1
    case .streamingTransformer(let model): model.configuration.chunkSize
    }
  }

  /// Frames after frame n that must arrive before its output can, the most over the chunk.
  public var algorithmicLatency: Int { chunkSize - 1 }

  /// Bytes of packed weights.
  public var weightBytes: Int {
    switch self {
    case .recurrent(let model): model.weightBytes
    case .streamingTransformer(let model): model.weightBytes
    }
  }

  /// Bytes of state and scratch for `streams` streams, counted without making them.
  public func stateBytes(streams: Int = 1) -> Int {
    switch self {
    case .recurrent(let model): model.stateBytes(streams: streams)
    case .streamingTransformer(let model): model.stateBytes(streams: streams)
    }
  }

  /// Multiply-adds for one frame.
  public var multiplyAddsPerFrame: Int {
    switch self {
    case .recurrent(let model): model.multiplyAddsPerFrame
    case .streamingTransformer(let model): model.multiplyAddsPerFrame
    }
  }
}
