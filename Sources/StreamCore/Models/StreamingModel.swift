/// A model that runs over live frames: immutable weights and configuration, shared by any number of
/// streams. A family of this package, or anybody's own type.
public protocol StreamingModel: Sendable {
  /// Values per frame that go in.
  var inputSize: Int { get }
  /// Values per frame that come out.
  var outputSize: Int { get }
  /// Frames that one call processes together; by default 1, as for a recurrent model.
  var chunkSize: Int { get }
  /// Frames after frame n that must arrive before its output can, the most over the chunk; by default
  /// `chunkSize - 1`.
  var algorithmicLatency: Int { get }
  /// Frames before the chunk that attention may see; by default nil, for a model without attention.
  var leftContext: Int? { get }
  /// Frames of a stream until a call costs what it always costs; by default those that fill the window
  /// of attention, 0 without one.
  var settlingFrames: Int { get }

  /// Whether streams can advance over frames that were never given; by default they can.
  var canSkipFrames: Bool { get }

  /// Bytes of weights in memory; by default 0, for unknown.
  var weightBytes: Int { get }
  /// Bytes of state and scratch for `streams` streams, counted without making them; by default 0.
  func stateBytes(streams: Int) -> Int
  /// Multiply-adds for one frame; by default 0.
  var multiplyAddsPerFrame: Int { get }
  /// What one call of `frames` frames for each of `streams` streams cannot do without; by default the
  /// weights once and the multiply-adds in f32.
  func callDemand(frames: Int, streams: Int) -> CallDemand

  /// State for `count` streams: the only allocation.
  func makeStreams(count: Int) -> AnyFrameProcessor
}

extension StreamingModel {
  public var chunkSize: Int { 1 }
  public var algorithmicLatency: Int { chunkSize - 1 }
  public var leftContext: Int? { nil }
  public var settlingFrames: Int { leftContext.map { $0 + chunkSize } ?? 0 }
  public var canSkipFrames: Bool { true }
  public var weightBytes: Int { 0 }
  public func stateBytes(streams: Int) -> Int { 0 }
  public var multiplyAddsPerFrame: Int { 0 }

  public func callDemand(frames: Int, streams: Int) -> CallDemand {
    var demand = CallDemand()
    demand.bytes = weightBytes
    demand.floatOperations = 2 * frames * streams * multiplyAddsPerFrame
    return demand
  }

  /// State for one stream.
  public func makeStreams() -> AnyFrameProcessor { makeStreams(count: 1) }

  /// A stream that goes on where another one of this model was saved. Allocates.
  public func makeStreams(restoring snapshot: Span<UInt8>) throws(StateDefect) -> AnyFrameProcessor
  {
    var streams = makeStreams(count: 1)
    try streams.restore(from: snapshot)
    return streams
  }

  /// Bytes of state and scratch for one stream.
  public func stateBytes() -> Int { stateBytes(streams: 1) }
}

/// What the head's values become before they are an output.
public enum OutputActivation: String, Sendable, Equatable {
  case none
  case sigmoid
  case softmax
}

/// What one call cannot do without: the bytes that it reads and the operations of its arithmetic, two
/// for a multiply-add. Counted from the model's sizes, without padding, tables or scratch.
public struct CallDemand: Sendable, Equatable {
  /// Weights, biases, norms, scales and the state that is read, once each.
  public var bytes = 0
  /// Products that are f32 in every precision: attention and the head.
  public var floatOperations = 0
  /// Products of the weights, in the model's precision.
  public var weightOperations = 0

  /// Nothing yet.
  public init() {}

  /// A product of `rows` rows with weights `[output, input]` and a bias.
  public mutating func addProduct(from input: Int, to output: Int, precision: Precision, rows: Int)
  {
    switch precision {
    case .f32: bytes += 4 * input * output
    case .bf16: bytes += 2 * input * output
    case .int8: bytes += input * output + 4 * output
    }
    bytes += 4 * output
    weightOperations += 2 * rows * input * output
  }

  /// A head, which is f32 in every precision.
  public mutating func addHead(from input: Int, to output: Int, rows: Int) {
    bytes += 4 * (input * output + output)
    floatOperations += 2 * rows * input * output
  }
}
