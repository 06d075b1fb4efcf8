internal import CStreamKernels

extension StreamingTransformer {
  /// The state of streams that advance together: positions, the KV cache, and the waiting frames.
  @safe public struct Streams: ~Copyable, FrameProcessor {
    public let model: StreamingTransformer
    public let streamCount: Int
    private var cache: KVCache
    /// `[stream]`: the absolute position of the chunk's first frame.
    private var positions: [UInt64]
    /// Frames that wait for their chunk, `[chunkSize, streams, inputSize]`.
    private let waiting: FloatBuffer
    private var waitingCount = 0
    private let scratch: Scratch
    private let blocks: [BlockStep]
    private let kernels: Kernels
    /// Query scale 1 / sqrt(headSize), applied after the rotation.
    private let scale: Float

    init(model: StreamingTransformer, count: Int, kernels: Kernels) {
      precondition(count > 0, "a stream count must be at least 1")
      let c = model.configuration
      self.model = model
      self.kernels = kernels
      streamCount = count
      cache = KVCache(
        layerCount: c.layerCount, streamCount: count, headCount: c.headCount,
        headSize: c.headSize, leftContext: c.leftContext, chunkSize: c.chunkSize,
        precision: model.kvPrecision)
      positions = Array(repeating: 0, count: count)
      waiting = FloatBuffer(count: c.chunkSize * count * c.inputSize)
      scratch = Scratch(model: model, rows: c.chunkSize * count, scoreCount: cache.scoreCount)
      unsafe blocks = model.blocks.map { unsafe BlockStep($0) }
      scale = 1 / Float(c.headSize).squareRoot()
    }

    public var inputSize: Int { model.configuration.inputSize }
    public var outputSize: Int { model.configuration.outputSize }
    public var algorithmicLatency: Int { model.algorithmicLatency }

    public var cacheFill: Double? { cache.fill(stream: 0) }

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
      let mode = ck_enter()
      defer { ck_leave(mode) }
      let count = waitingCount
      let rows = count * streamCount
      for stream in 0..<streamCount {
        cache.claim(stream: stream, first: positions[stream], count: count)
        unsafe turn(stream: stream, count: count)
      }
      unsafe product(
        model.projection.matrix.descriptor, waiting.base, inputSize, rows, scratch.hidden.base,
        scratch.modelStride)
      for layer in unsafe blocks.indices { unsafe run(blocks[layer], layer: layer, count: count) }
      unsafe norm(model.norm.gain.base, model.norm.bias.base, rows)
      unsafe product(
        model.head.matrix.descriptor, scratch.normed.base, scratch.modelStride, rows, output,
        outputSize)
      unsafe kernels.activate(output, rows: rows, size: outputSize, as: model.activation)
      for stream in 0..<streamCount { positions[stream] += UInt64(count) }
      waitingCount = 0
    }

    /// One layer: x += attention(norm(x)); x += feedForward(norm(x)).
    @unsafe private mutating func run(_ block: BlockStep, layer: Int, count: Int) {
      let rows = count * streamCount
      let x = unsafe scratch.hidden.base
      let normed = unsafe scratch.normed.base
      let wide = unsafe scratch.wide.base
      let add = ck_epilogue(CK_ADD)
      let activation = model.configuration.activation == .relu ? CK_RELU : CK_GELU_TANH
      unsafe norm(block.attentionGain, block.attentionBias, rows)
      unsafe product(
        block.projection, normed, scratch.modelStride, rows, scratch.projected.base,
        scratch.projectedStride)
      for stream in 0..<streamCount { unsafe attend(layer: layer, stream: stream, count: count) }
      unsafe product(
        block.output, normed, scratch.modelStride, rows, x, scratch.modelStride, epilogue: add)
      unsafe norm(block.feedForwardGain, block.feedForwardBias, rows)
      unsafe product(
        block.up, normed, scratch.modelStride, rows, wide, scratch.wideStride,
        epilogue: ck_epilogue(activation))
      unsafe product(
        block.down, wide, scratch.wideStride, rows, x, scratch.modelStride, epilogue: add)
    }

    /// Attention of one stream: from its projected rows to `[count, modelSize]` among the normed rows.
    @unsafe private mutating func attend(layer: Int, stream: Int, count: Int) {
      let c = model.configuration
      let chunk = positions[stream]..<positions[stream] + UInt64(count)
      let rows = unsafe scratch.projected.base + stream * scratch.projectedStride
      let stride = streamCount * scratch.projectedStride
      let angles = stream * c.chunkSize * c.headSize / 2
      unsafe cache.store(
        rows: rows, stride: stride, chunk: chunk, layer: layer, stream: stream,
        cosines: scratch.cosines.base + angles, sines: scratch.sines.base + angles, scale: scale,
        kernels: kernels)
      unsafe cache.attend(
        rows: rows, stride: stride, chunk: chunk, mask: c.mask, leftContext: c.leftContext,
        layer: layer, stream: stream, scores: scratch.scores.base,
        output: scratch.normed.base + stream * scratch.modelStride,
        outputStride: streamCount * scratch.modelStride, kernels: kernels)
    }

    /// Writes the rotary angles of one stream's chunk.
    @unsafe private func turn(stream: Int, count: Int) {
      let half = model.configuration.headSize / 2
      for index in 0..<count {
        let offset = (stream * model.configuration.chunkSize + index) * half
        unsafe model.rotary.angles(
          at: positions[stream] + UInt64(index), cosines: scratch.cosines.base + offset,
          sines: scratch.sines.base + offset, kernels: kernels)
      }
    }

    /// Layer norm from x to the normed rows.
    @unsafe private func norm(
      _ gain: UnsafePointer<Float>, _ bias: UnsafePointer<Float>, _ rows: Int
    ) {
      unsafe kernels.table.pointee.layer_norm(
        scratch.hidden.base, scratch.modelStride, rows, model.configuration.modelSize, gain, bias,
        Float(model.configuration.normEpsilon), scratch.normed.base, scratch.modelStride)
    }

    @unsafe private func product(
      _ matrix: UnsafePointer<ck_matrix>, _ input: UnsafePointer<Float>, _ inputStride: Int,
      _ rows: Int, _ output: UnsafeMutablePointer<Float>, _ outputStride: Int,
      epilogue: ck_epilogue = 0
    ) {
      unsafe kernels.table.pointee.product(
        matrix, input, inputStride, rows, output, outputStride, epilogue, scratch.codes.base)
    }
  }
}
