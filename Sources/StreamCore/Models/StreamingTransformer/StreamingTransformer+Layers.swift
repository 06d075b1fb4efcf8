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
    var ahead = unsafe StreamingTransformer.KVAhead()
    unsafe product(
      model.projection.descriptor, input, inputSize, rows.count, scratch.hidden.base,
      scratch.modelStride, &ahead)
    if model.configuration.options.positions == .sinusoidal { unsafe addPositions(rows) }
    for layer in unsafe blocks.indices { unsafe run(layer: layer, rows, &ahead) }
    var last = unsafe scratch.hidden.base
    if let finalNorm = unsafe finalNorm {
      unsafe norm(finalNorm, rows, into: scratch.normed.base)
      unsafe last = scratch.normed.base
    }
    unsafe product(
      model.head.descriptor, last, scratch.modelStride, rows.count, output, outputSize, &ahead)
    unsafe kernels.activate(output, rows: rows.count, size: outputSize, as: model.activation)
  }

  /// The positions of the last frames that a stream took.
  private func chunk(of stream: Int, frames: Int) -> Range<UInt64> {
    positions[stream] - UInt64(frames)..<positions[stream]
  }

  /// One layer, a group of streams after the other.
  @unsafe private mutating func run(
    layer: Int, _ rows: StreamingTransformer.Rows, _ ahead: inout StreamingTransformer.KVAhead
  ) {
    var group = unsafe Optional(rows.firstGroup)
    while let current = unsafe group {
      unsafe group = current.nextGroup
      unsafe project(blocks[layer], current, &ahead)
      for place in unsafe current.places { unsafe attend(layer: layer, place: place, rows) }
      // Alone, a group has nothing behind it that would wait.
      if unsafe current.count < rows.count {
        if let group = unsafe group {
          unsafe ahead.aim(at: cache, layer: layer, rows: group)
        } else if unsafe layer + 1 < blocks.count {
          unsafe ahead.aim(at: cache, layer: layer + 1, rows: rows.firstGroup)
        }
      }
      unsafe finish(blocks[layer], current, &ahead)
    }
  }

  /// A layer until its attention: queries, keys and values of norm(x); or, with the norms behind, of x.
  @unsafe private func project(
    _ block: StreamingTransformer.BlockPointers, _ rows: StreamingTransformer.Rows,
    _ ahead: inout StreamingTransformer.KVAhead
  ) {
    let offset = unsafe rows.first * scratch.modelStride
    var input = unsafe scratch.hidden.base + offset
    if model.configuration.options.normPosition == .pre {
      unsafe input = scratch.normed.base + offset
      unsafe norm(block.attentionNorm, rows, into: input)
    }
    unsafe product(
      block.projection, input, scratch.modelStride, rows.count,
      scratch.projected.base + rows.first * scratch.projectedStride, scratch.projectedStride,
      &ahead)
  }

  /// A layer from its attention on: x += attention(norm(x)), x += feedForward(norm(x)); or, with the
  /// norms behind, x = norm(x + attention(x)), x = norm(x + feedForward(x)).
  @unsafe private func finish(
    _ block: StreamingTransformer.BlockPointers, _ rows: StreamingTransformer.Rows,
    _ ahead: inout StreamingTransformer.KVAhead
  ) {
    let count = unsafe rows.count
    let offset = unsafe rows.first * scratch.modelStride
    let x = unsafe scratch.hidden.base + offset
    let normed = unsafe scratch.normed.base + offset
    let wide = unsafe scratch.wide.base
    let add = ck_epilogue(CK_ADD)
    let pre = model.configuration.options.normPosition == .pre
    unsafe product(
      block.output, normed, scratch.modelStride, count, x, scratch.modelStride, epilogue: add,
      &ahead)
    if pre {
      unsafe norm(block.feedForwardNorm, rows, into: normed)
    } else {
      unsafe norm(block.attentionNorm, rows, into: x)
    }
    unsafe product(
      block.up, pre ? normed : x, scratch.modelStride, count, wide, scratch.wideStride,
      epilogue: epilogue, &ahead)
    unsafe product(
      block.down, wide, scratch.wideStride, count, x, scratch.modelStride, epilogue: add, &ahead)
    if !pre { unsafe norm(block.feedForwardNorm, rows, into: x) }
  }

  /// Attention of one stream: from its projected rows to `[frames, modelSize]` among the normed rows.
  @unsafe private mutating func attend(layer: Int, place: Int, _ rows: StreamingTransformer.Rows) {
    let c = model.configuration
    let stream = unsafe rows.stream(place)
    let chunk = unsafe chunk(of: stream, frames: rows.frames)
    let first = unsafe place * rows.streamStep
    let projected = unsafe scratch.projected.base + first * scratch.projectedStride
    let stride = unsafe rows.frameStep * scratch.projectedStride
    let turns = c.options.positions == .rotary
    let angles = place * chunkSize * scratch.angleCount
    unsafe cache.store(
      rows: projected, stride: stride, chunk: chunk, layer: layer, stream: stream,
      cosines: turns ? scratch.cosines.base + angles : nil,
      sines: turns ? scratch.sines.base + angles : nil, scale: scale, kernels: kernels)
    unsafe cache.attend(
      rows: projected, stride: stride, chunk: chunk, mask: c.mask, layer: layer,
      stream: stream, scores: scratch.scores.base,
      output: scratch.normed.base + first * scratch.modelStride,
      outputStride: rows.frameStep * scratch.modelStride, kernels: kernels)
  }

  /// Writes the angles of the positions of one stream's chunk.
  @unsafe private func writeAngles(_ chunk: Range<UInt64>, place: Int) {
    guard let angles = model.positionAngles else { return }
    for index in 0..<chunk.count {
      let offset = (place * chunkSize + index) * scratch.angleCount
      unsafe angles.write(
        at: chunk.lowerBound + UInt64(index), cosines: scratch.cosines.base + offset,
        sines: scratch.sines.base + offset, kernels: kernels)
    }
  }

  /// Adds the sines and cosines of their positions to the projected frames.
  @unsafe private func addPositions(_ rows: StreamingTransformer.Rows) {
    for place in unsafe 0..<rows.streamCount {
      for frame in unsafe 0..<rows.frames {
        let row = unsafe place * rows.streamStep + frame * rows.frameStep
        let angles = (place * chunkSize + frame) * scratch.angleCount
        let x = unsafe scratch.hidden.base + row * scratch.modelStride
        for pair in 0..<scratch.angleCount {
          unsafe x[2 * pair] += scratch.sines.base[angles + pair]
          unsafe x[2 * pair + 1] += scratch.cosines.base[angles + pair]
        }
      }
    }
  }

  /// A norm of x, into the normed rows or in its place.
  @unsafe private func norm(
    _ norm: StreamingTransformer.NormPointers, _ rows: StreamingTransformer.Rows,
    into output: UnsafeMutablePointer<Float>
  ) {
    let size = model.configuration.modelSize
    let epsilon = Float(model.configuration.normEpsilon)
    let x = unsafe scratch.hidden.base + rows.first * scratch.modelStride
    let (count, stride) = unsafe (rows.count, scratch.modelStride)
    let table = unsafe kernels.table
    if let bias = unsafe norm.bias {
      unsafe table.pointee.layer_norm(
        x, stride, count, size, norm.gain, bias, epsilon, output, stride)
    } else {
      unsafe table.pointee.rms_norm(x, stride, count, size, norm.gain, epsilon, output, stride)
    }
  }

  @unsafe private func product(
    _ matrix: UnsafePointer<ck_matrix>, _ input: UnsafePointer<Float>, _ inputStride: Int,
    _ rows: Int, _ output: UnsafeMutablePointer<Float>, _ outputStride: Int,
    epilogue: ck_epilogue = 0, _ ahead: inout StreamingTransformer.KVAhead
  ) {
    unsafe ahead.withPart { part in
      unsafe kernels.table.pointee.product(
        matrix, input, inputStride, rows, output, outputStride, epilogue, scratch.product.base,
        part)
    }
  }
}

extension StreamingTransformer.Activation {
  /// As the kernels spell it.
  var epilogue: ck_epilogue {
    switch self {
    case .relu: ck_epilogue(CK_RELU)
    case .geluTanh: ck_epilogue(CK_GELU_TANH)
    case .gelu: ck_epilogue(CK_GELU)
    case .silu: ck_epilogue(CK_SILU)
    }
  }
}
