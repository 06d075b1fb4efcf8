import StreamCore

public protocol StreamingModel: Sendable {
  var inputSize: Int { get }
  var outputSize: Int { get }
  var chunkSize: Int { get }
  var algorithmicLatency: Int { get }
  var settlingFrames: Int { get }
  var weightBytes: Int { get }
  func stateBytes(streams: Int) -> Int
  var multiplyAddsPerFrame: Int { get }
  func makeStreams(count: Int) -> AnyFrameProcessor
}
extension StreamingModel {
  public func stateBytes() -> Int { stateBytes(streams: 1) }
}
extension FrontEnd {
  package var stateBytes: Int { (window + frameSize) * 4 }
}
extension Model: StreamingModel {
  public var settlingFrames: Int {
    guard case .streamingTransformer(let model) = self else { return 0 }
    return model.configuration.leftContext + model.configuration.chunkSize
  }
}
