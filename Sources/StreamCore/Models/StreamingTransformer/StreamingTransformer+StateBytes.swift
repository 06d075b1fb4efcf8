extension StreamingTransformer {
  /// Bytes of state and scratch for so many streams, counted without making them.
  public func stateBytes(streams: Int = 1) -> Int {
    let c = configuration
    let cache = KVCache.Layout(
      layerCount: c.layerCount, streamCount: streams, headCount: c.headCount,
      headSize: c.headSize, leftContext: c.leftContext, chunkSize: c.chunkSize,
      precision: kvPrecision)
    let rows = c.chunkSize * streams
    let waiting = rows * c.inputSize * MemoryLayout<Float>.stride
    let positions = streams * MemoryLayout<UInt64>.stride
    return cache.byteCount + waiting + positions
      + Scratch.byteCount(model: self, rows: rows, scoreCount: cache.scoreCount)
  }
}
