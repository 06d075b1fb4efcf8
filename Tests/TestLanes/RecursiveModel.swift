import LaneRunner
import StreamCore

/// A model of one value a frame whose state is what its output was: `y = x + keeps * y`, of frames
/// that have waited for `lookAhead` later ones.
public struct RecursiveModel: StreamingModel {
  /// Of the state, from frame to frame: 1 adds up all there ever was, 0 remembers nothing.
  public var keeps: Float
  public var lookAhead = 0
  public var stateBytesPerStream = 8

  public init(keeps: Float, lookAhead: Int = 0) {
    self.keeps = keeps
    self.lookAhead = lookAhead
  }

  public var inputSize: Int { 1 }
  public var outputSize: Int { 1 }
  public var algorithmicLatency: Int { lookAhead }
  public func stateBytes(streams: Int) -> Int { streams * stateBytesPerStream }

  public func makeStreams(count: Int) -> AnyFrameProcessor {
    AnyFrameProcessor(streams: count) { Stream(keeps: keeps, lookAhead: lookAhead) }
  }

  /// A lane of 10 ms frames without a front end, with a twin of so many frames a period.
  public func lane(_ name: String = "recursive", twinFrames: Int? = nil) -> LaneSetup {
    var lane = LaneSetup(
      name: name, model: self, frontEnd: NoFrontEnd(sampleRate: 100, channels: 1),
      labels: ["value"], architecture: "test")
    lane.twinPeriod = twinFrames.map { Int64($0) * 10_000_000 }
    return lane
  }

  private struct Stream: ~Copyable, FrameProcessor {
    let keeps: Float
    let lookAhead: Int
    private var value: Float = 0
    /// Frames that wait, the oldest first.
    private var waiting: [Float] = []

    init(keeps: Float, lookAhead: Int) {
      self.keeps = keeps
      self.lookAhead = lookAhead
      waiting.reserveCapacity(lookAhead + 1)
    }

    var inputSize: Int { 1 }
    var outputSize: Int { 1 }
    var algorithmicLatency: Int { lookAhead }
    func outputCapacity(forFrames count: Int) -> Int { count + lookAhead }
    func waitingFrames(stream: Int) -> Int? { waiting.count }

    mutating func process(_ frames: Span<Float>, into output: inout MutableSpan<Float>) -> Int {
      var written = 0
      for index in frames.indices {
        waiting.append(frames[index])
        if waiting.count > lookAhead { release(into: &output, &written) }
      }
      return written
    }

    mutating func finish(into output: inout MutableSpan<Float>) -> Int {
      var written = 0
      while !waiting.isEmpty { release(into: &output, &written) }
      return written
    }

    private mutating func release(into output: inout MutableSpan<Float>, _ written: inout Int) {
      value = waiting.removeFirst() + keeps * value
      output[written] = value
      written += 1
    }

    mutating func reset(stream: Int, at position: UInt64) {
      waiting.removeAll(keepingCapacity: true)
      value = 0
    }

    mutating func exchange(stream: Int, with archive: inout StateArchive) {
      archive.value(&value)
      archive.array(&waiting)
    }
  }
}
