extension StreamingTransformer {
  /// The state of streams that advance together: positions, the KV cache, and the waiting frames.
  public struct Streams: ~Copyable, FrameProcessor {
    public let model: StreamingTransformer
    public let streamCount: Int
    private var cache: KVCache
    /// `[stream]`: the absolute position of the chunk's first frame.
    private var positions: [UInt64]
    /// Frames that wait for their chunk, `[chunkSize, streams, inputSize]`.
    private let waiting: FloatBuffer
    private var waitingCount = 0
    private var scratch: Scratch

    init(model: StreamingTransformer, count: Int) {
      precondition(count > 0, "a stream count must be at least 1")
      let c = model.configuration
      self.model = model
      streamCount = count
      cache = KVCache(
        layerCount: c.layerCount, streamCount: count, headCount: c.headCount,
        headSize: c.headSize, leftContext: c.leftContext, chunkSize: c.chunkSize)
      positions = Array(repeating: 0, count: count)
      waiting = FloatBuffer(count: c.chunkSize * count * c.inputSize)
      scratch = Scratch(configuration: c, rows: c.chunkSize * count, capacity: cache.capacity)
    }

    public var inputSize: Int { model.configuration.inputSize }
    public var outputSize: Int { model.configuration.outputSize }
    public var algorithmicLatency: Int { model.algorithmicLatency }

    /// Bytes of state and scratch, all streams.
    public var stateBytes: Int {
      cache.byteCount + waiting.byteCount + positions.count * 8 + scratch.byteCount
    }

    public func outputCapacity(forFrames count: Int) -> Int { waitingCount + count }

    public mutating func process(
      _ frames: Span<Float>, into output: inout MutableSpan<Float>
    ) -> Int {
      let frameSize = streamCount * inputSize
      let count = frames.count / frameSize
      precondition(
        frames.count == count * frameSize, "frames must be [frames, streams, inputSize]")
      let chunk = model.configuration.chunkSize
      precondition(
        output.count >= (waitingCount + count) / chunk * chunk * streamCount * outputSize,
        "no room for the output frames")
      var taken = 0
      var written = 0
      unsafe frames.withUnsafeBufferPointer { source in
        unsafe output.withUnsafeMutableBufferPointer { destination in
          guard let x = source.baseAddress, let y = destination.baseAddress else {
            return
          }
          while taken < count {
            if waitingCount == 0 { checkBoundary() }
            let part = min(chunk - waitingCount, count - taken)
            unsafe (waiting.base + waitingCount * frameSize).update(
              from: x + taken * frameSize, count: part * frameSize)
            waitingCount += part
            taken += part
            if waitingCount == chunk {
              unsafe run(into: y + written * streamCount * outputSize)
              written += chunk
            }
          }
        }
      }
      return written
    }

    public mutating func finish(into output: inout MutableSpan<Float>) -> Int {
      let count = waitingCount
      guard count > 0 else { return 0 }
      precondition(
        output.count >= count * streamCount * outputSize, "no room for the output frames")
      unsafe output.withUnsafeMutableBufferPointer { destination in
        if let y = destination.baseAddress { unsafe run(into: y) }
      }
      return count
    }

    public mutating func advance(frames: Int, stream: Int) {
      precondition(stream >= 0 && stream < streamCount, "no such stream")
      precondition(
        waitingCount == 0 && frames >= 0 && frames % model.configuration.chunkSize == 0,
        "streams advance by whole chunks, at a chunk boundary")
      guard frames > 0 else { return }
      positions[stream] += UInt64(frames)
      cache.skip(stream: stream, to: positions[stream])
    }

    public mutating func reset(stream: Int, at position: UInt64) {
      precondition(stream >= 0 && stream < streamCount, "no such stream")
      precondition(
        waitingCount == 0 && position % UInt64(model.configuration.chunkSize) == 0,
        "streams are reset at a chunk boundary, to a chunk boundary")
      positions[stream] = position
      cache.reset(stream: stream, at: position)
    }

    private func checkBoundary() {
      for stream in 0..<streamCount {
        precondition(
          positions[stream] % UInt64(model.configuration.chunkSize) == 0,
          "after finish a stream must be reset before it takes frames again")
      }
    }

    /// Runs the model over the waiting frames, which may be fewer than a chunk at the end.
    @unsafe private mutating func run(into output: UnsafeMutablePointer<Float>) {
      let c = model.configuration
      let count = waitingCount
      let rows = count * streamCount
      let size = c.modelSize
      let x = unsafe scratch.hidden.base
      let normed = unsafe scratch.normed.base
      unsafe model.projection(
        waiting.base, stride: c.inputSize, rows: rows, into: x, stride: size)
      for stream in 0..<streamCount {
        cache.claim(stream: stream, first: positions[stream], count: count)
        scratch.turn(model.rotary, stream: stream, first: positions[stream], count: count)
      }
      for (layer, block) in model.blocks.enumerated() {
        unsafe block.attentionNorm(x, rows: rows, into: normed)
        unsafe attend(block.attention, layer: layer, count: count)
        unsafe block.attention.output(
          normed, stride: size, rows: rows, into: x, stride: size, epilogue: .add)
        unsafe block.feedForwardNorm(x, rows: rows, into: normed)
        unsafe block.up(
          normed, stride: size, rows: rows, into: scratch.wide.base, stride: c.feedForwardSize,
          epilogue: c.activation == .relu ? .relu : .geluTanh)
        unsafe block.down(
          scratch.wide.base, stride: c.feedForwardSize, rows: rows, into: x, stride: size,
          epilogue: .add)
      }
      unsafe model.norm(x, rows: rows, into: normed)
      unsafe model.head(normed, stride: size, rows: rows, into: output, stride: c.outputSize)
      unsafe RowFunctions.activate(
        output, rows: rows, size: c.outputSize, activation: model.activation)
      for stream in 0..<streamCount { positions[stream] += UInt64(count) }
      waitingCount = 0
    }

    /// Attention of every stream: from the normed rows to `[rows, modelSize]` in the same place.
    @unsafe private mutating func attend(_ attention: CausalAttention, layer: Int, count: Int) {
      let c = model.configuration
      let wide = 3 * c.modelSize
      let normed = unsafe scratch.normed.base
      let projected = unsafe scratch.projected.base
      unsafe attention.projection(
        normed, stride: c.modelSize, rows: count * streamCount, into: projected, stride: wide)
      for stream in 0..<streamCount {
        let chunk = positions[stream]..<positions[stream] + UInt64(count)
        let angles = stream * c.chunkSize * c.headSize / 2
        unsafe attention.store(
          rows: projected + stream * wide, stride: streamCount * wide, chunk: chunk, layer: layer,
          stream: stream, rotary: model.rotary, cosines: scratch.cosines.base + angles,
          sines: scratch.sines.base + angles, cache: cache)
        unsafe attention.attend(
          rows: projected + stream * wide, stride: streamCount * wide, chunk: chunk,
          mask: c.mask, leftContext: c.leftContext, layer: layer, stream: stream, cache: &cache,
          scores: scratch.scores.base, output: normed + stream * c.modelSize,
          outputStride: streamCount * c.modelSize)
      }
    }
  }
}
