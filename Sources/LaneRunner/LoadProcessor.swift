import StreamCore

/// A processor with a place in an array, which cannot hold noncopyable values.
final class LoadProcessor {
  var processor: AnyFrameProcessor
  let streamCount: Int

  init(_ processor: consuming AnyFrameProcessor) {
    streamCount = processor.streamCount
    self.processor = processor
  }

  /// Processors for `streams` streams in batches of at most `batch`.
  static func batches(of model: LoadModel, streams: Int, batch: Int) -> [LoadProcessor] {
    stride(from: 0, to: streams, by: batch).map { first in
      LoadProcessor(model.makeStreams(min(batch, streams - first)))
    }
  }
}
