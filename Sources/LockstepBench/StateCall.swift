import LaneRunner
import ModelFiles
import StreamCore

/// A stream's state saved into memory that was there before, or restored from there: what a snapshot costs a lane.
final class StateCall: TimedCall {
  /// Which way.
  enum Direction: String, CaseIterable {
    case save
    case restore
  }

  let warmUpCalls = 3
  private let direction: Direction
  private let processor: StreamBox
  private var bytes: [UInt8]

  init(_ direction: Direction, model: any StreamingModel) {
    self.direction = direction
    processor = StreamBox(model)
    bytes = [UInt8](repeating: 0, count: Self.byteCount(of: model))
    processor.save(into: &bytes)
  }

  /// Bytes of a stream's state. Allocates.
  static func byteCount(of model: any StreamingModel) -> Int {
    var streams = model.makeStreams()
    return streams.snapshotByteCount() ?? 0
  }

  func run() {
    switch direction {
    case .save: processor.save(into: &bytes)
    case .restore: processor.restore(from: bytes)
    }
  }
}

/// A stream with a place in a class, which cannot hold noncopyable values by itself.
private final class StreamBox {
  private var streams: AnyFrameProcessor

  init(_ model: any StreamingModel) { streams = model.makeStreams() }

  func save(into bytes: inout [UInt8]) {
    var room = bytes.mutableSpan
    _ = streams.snapshot(into: &room)
  }

  func restore(from bytes: [UInt8]) {
    do throws(StateDefect) {
      try streams.restore(from: bytes.span)
    } catch {
      preconditionFailure("a stream takes its own state back: \(error)")
    }
  }
}
