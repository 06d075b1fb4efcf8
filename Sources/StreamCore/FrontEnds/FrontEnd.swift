import PlainText

/// What turns samples into a model's frames: immutable, shared by any number of streams. One of this
/// package, or anybody's own type.
public protocol FrontEnd: Sendable {
  /// Samples per second that it expects.
  var sampleRate: Int { get }
  /// Values per sample that it expects.
  var channels: Int { get }
  /// Samples under one frame's window; by default 1.
  var window: Int { get }
  /// Samples between the starts of two frames; by default 1.
  var hop: Int { get }
  /// Values per frame; by default one a channel.
  var frameSize: Int { get }
  /// About how many bytes a stream's state and scratch take; by default a window's and a frame's.
  var stateBytes: Int { get }

  /// State for one stream, samples `[samples, channels]` in, frames `[frames, frameSize]` out: the only
  /// allocation.
  func makeStream() -> AnyFrameProcessor
}

extension FrontEnd {
  public var window: Int { 1 }
  public var hop: Int { 1 }
  public var frameSize: Int { channels }
  public var stateBytes: Int { (window + frameSize) * MemoryLayout<Float>.stride }

  /// A stream that goes on where another one of this front end was saved. Allocates.
  public func makeStream(restoring snapshot: Span<UInt8>) throws(StateDefect) -> AnyFrameProcessor {
    var stream = makeStream()
    try stream.restore(from: snapshot)
    return stream
  }
}

/// A kind of front end that a model file can name.
public struct FrontEndKind: Sendable {
  /// As the model file spells it.
  public let name: String
  /// Takes the fields that are its own from the metadata's `front_end`, beside the samples a second and
  /// the channels that every front end has; throws what is missing, of the wrong type, or out of range.
  public let configuration:
    @Sendable (
      _ fields: inout JSONFields, _ sampleRate: Int, _ channels: Int
    ) throws(FileDefect) -> any FrontEndConfiguration
}

/// What a model file says of a front end besides its tensors, checked.
public protocol FrontEndConfiguration: Sendable {
  /// The fields by the names of the model file, in its order. Allocates.
  var fields: [(name: String, value: String)] { get }
  /// Values per frame that come out, and the field that says so.
  var width: (field: String, value: Int) { get }
  /// The tensors that it needs; by default none. Allocates.
  var tensors: [TensorShape] { get }

  /// The front end with the values of its tensors; throws what is wrong with them.
  func makeFrontEnd(tensors: [String: [Float]]) throws(FileDefect) -> any FrontEnd
}

extension FrontEndConfiguration {
  public var tensors: [TensorShape] { [] }
}

/// Mean and standard deviation of every value of a frame, as a model file holds them.
struct FrontEndStatistics {
  let mean: [Float]
  let std: [Float]

  /// Their tensors for frames of so many values.
  static func tensors(width: Int) -> [TensorShape] {
    [TensorShape("front_end.mean", [width]), TensorShape("front_end.std", [width])]
  }

  /// Throws for a standard deviation that is not above 0.
  init(_ tensors: [String: [Float]]) throws(FileDefect) {
    mean = tensors["front_end.mean"] ?? []
    std = tensors["front_end.std"] ?? []
    if let index = std.firstIndex(where: { $0 <= 0 }) {
      throw FileDefect(
        "tensor front_end.std is \(std[index]) at [\(index)], expected a number above 0")
    }
  }
}
