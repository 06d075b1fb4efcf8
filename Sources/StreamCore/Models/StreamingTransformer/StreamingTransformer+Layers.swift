internal import CStreamKernels

extension StreamingTransformer.Streams {
  /// Runs the waiting frames of all streams; writes `[frames, streams, outputSize]`.
  @unsafe mutating func runAll(frames: Int, into output: UnsafeMutablePointer<Float>) {
    unsafe run(
      StreamingTransformer.Rows(
        list: nil, streamCount: streamCount, frames: frames, streamStep: 1,
        frameStep: streamCount), input: waiting.base, into: output)
  }

  /// Runs the waiting frames of the first `streams` of `scratch.list`; writes
  /// `[streams, frames, outputSize]`.
  @unsafe mutating func runGathered(
    streams: Int, frames: Int, into output: UnsafeMutablePointer<Float>
  ) {
    let gathered = unsafe scratch.gathered.base
    for place in 0..<streams {
      for frame in 0..<frames {
        let row = unsafe frame * streamCount + scratch.list[place]
        unsafe (gathered + (place * frames + frame) * inputSize).update(
          from: waiting.base + row * inputSize, count: inputSize)
      }
    }
    unsafe run(
      StreamingTransformer.Rows(
        list: scratch.list, streamCount: streams, frames: frames, streamStep: frames,
        frameStep: 1), input: gathered, into: output)
  }

  /// Runs the model over rows of frames, the last ones that their streams took.
  @unsafe private mutating func run(
    _ rows: StreamingTransformer.Rows, input: UnsafePointer<Float>,
    into output: UnsafeMutablePointer<Float>
  ) {
    let mode = ck_enter()
    defer { ck_leave(mode) }
    for place in unsafe 0..<rows.streamCount {
      let stream = unsafe rows.stream(place)
      let chunk = unsafe chunk(of: stream, frames: rows.frames)
      cache.claim(stream: stream, first: chunk.lowerBound, count: chunk.count)
      unsafe writeAngles(chunk, place: place)
    }
    unsafe product(
      model.projection.descriptor, input, inputSize, rows.count, scratch.hidden.base,
      scratch.modelStride)
    for layer in unsafe blocks.indices { unsafe run(blocks[layer], layer: layer, rows) }
    unsafe norm(model.norm.gain.base, model.norm.bias.base, rows.count)
    unsafe product(
      model.head.descriptor, scratch.normed.base, scratch.modelStride, rows.count, output,
      outputSize)
    unsafe kernels.activate(output, rows: rows.count, size: outputSize, as: model.activation)
  }

  /// The positions of the last frames that a stream took.
  private func chunk(of stream: Int, frames: Int) -> Range<UInt64> {
    positions[stream] - UInt64(frames)..<positions[stream]
  }

  /// One layer: x += attention(norm(x)); x += feedForward(norm(x)).
  @unsafe private mutating func run(
    _ block: StreamingTransformer.BlockPointers, layer: Int, _ rows: StreamingTransformer.Rows
  ) {
    let count = unsafe rows.count
    let x = unsafe scratch.hidden.base
    let normed = unsafe scratch.normed.base
    let wide = unsafe scratch.wide.base
    let add = ck_epilogue(CK_ADD)
    let activation = model.configuration.activation == .relu ? CK_RELU : CK_GELU_TANH
    unsafe norm(block.attentionGain, block.attentionBias, count)
    unsafe product(
      block.projection, normed, scratch.modelStride, count, scratch.projected.base,
      scratch.projectedStride)
    for place in unsafe 0..<rows.streamCount { unsafe attend(layer: layer, place: place, rows) }
    unsafe product(
      block.output, normed, scratch.modelStride, count, x, scratch.modelStride, epilogue: add)
    unsafe norm(block.feedForwardGain, block.feedForwardBias, count)
    unsafe product(
      block.up, normed, scratch.modelStride, count, wide, scratch.wideStride,
      epilogue: ck_epilogue(activation))
    unsafe product(
      block.down, wide, scratch.wideStride, count, x, scratch.modelStride, epilogue: add)
  }

  /// Attention of one stream: from its projected rows to `[frames, modelSize]` among the normed rows.
  @unsafe private mutating func attend(layer: Int, place: Int, _ rows: StreamingTransformer.Rows) {
    let c = model.configuration
    let stream = unsafe rows.stream(place)
    let chunk = unsafe chunk(of: stream, frames: rows.frames)
    let first = unsafe place * rows.streamStep
    let projected = unsafe scratch.projected.base + first * scratch.projectedStride
    let stride = unsafe rows.frameStep * scratch.projectedStride
    let angles = place * chunkSize * c.headSize / 2
    unsafe cache.store(
      rows: projected, stride: stride, chunk: chunk, layer: layer, stream: stream,
      cosines: scratch.cosines.base + angles, sines: scratch.sines.base + angles, scale: scale,
      kernels: kernels)
    unsafe cache.attend(
      rows: projected, stride: stride, chunk: chunk, mask: c.mask, layer: layer,
      stream: stream, scores: scratch.scores.base,
      output: scratch.normed.base + first * scratch.modelStride,
      outputStride: rows.frameStep * scratch.modelStride, kernels: kernels)
  }

  /// Writes the rotary angles of one stream's chunk.
  @unsafe private func writeAngles(_ chunk: Range<UInt64>, place: Int) {
    let half = model.configuration.headSize / 2
    for index in 0..<chunk.count {
      let offset = (place * chunkSize + index) * half
      unsafe model.rotary.angles(
        at: chunk.lowerBound + UInt64(index), cosines: scratch.cosines.base + offset,
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
      matrix, input, inputStride, rows, output, outputStride, epilogue, scratch.product.base)
  }
}
