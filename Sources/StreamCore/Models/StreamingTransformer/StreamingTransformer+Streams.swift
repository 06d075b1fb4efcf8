internal import CStreamKernels

extension StreamingTransformer {
  /// The state of streams: positions, the KV cache, and the frames that wait for their chunk.
  @safe struct Streams: ~Copyable, FrameProcessor {
    /// The position of a stream whose last chunk was released.
    private static let finished = UInt64.max

    let model: StreamingTransformer
    let streamCount: Int
    var cache: KVCache
    /// `[stream]`: the absolute position of the next frame. Its place in the chunk is how many frames
    /// wait.
    var positions: [UInt64]
    /// `[chunkSize, streams, inputSize]`.
    let waiting: FloatBuffer
    let scratch: Scratch
    let blocks: [BlockPointers]
    /// Before the head.
    let finalNorm: NormPointers?
    let epilogue: ck_epilogue
    let kernels: Kernels
    /// Query scale 1 / sqrt(headSize), applied after the rotation.
    let scale: Float

    init(model: StreamingTransformer, count: Int, kernels: Kernels) {
      precondition(count > 0, "a stream count must be at least 1")
      let c = model.configuration
      self.model = model
      self.kernels = kernels
      streamCount = count
      cache = KVCache(model.cacheLayout(streams: count))
      positions = Array(repeating: 0, count: count)
      waiting = FloatBuffer(count: c.chunkSize * count * c.inputSize)
      scratch = Scratch(model: model, streams: count, scoreCount: cache.layout.scoreCount)
      unsafe blocks = model.blocks.map { unsafe BlockPointers($0) }
      unsafe finalNorm = model.norm.map { unsafe NormPointers($0) }
      epilogue = c.activation.epilogue
      scale = 1 / Float(c.headSize).squareRoot()
    }

    var inputSize: Int { model.configuration.inputSize }
    var outputSize: Int { model.configuration.outputSize }
    var chunkSize: Int { model.configuration.chunkSize }

    var cacheFill: Double? { cache.fill(stream: 0) }

    func waitingFrames(stream: Int) -> Int? { waitingCount(stream) }

    /// Frames of a stream that wait for their chunk.
    private func waitingCount(_ stream: Int) -> Int {
      positions[stream] == Self.finished ? 0 : Int(positions[stream] % UInt64(chunkSize))
    }

    /// Frames of every stream that wait for their chunk.
    private var commonWaitingCount: Int {
      let count = waitingCount(0)
      for stream in 1..<max(1, streamCount) {
        precondition(
          waitingCount(stream) == count, "all streams must be at one place of their chunk")
      }
      return count
    }

    func outputCapacity(forFrames count: Int) -> Int {
      (0..<streamCount).reduce(0) { max($0, waitingCount($1)) } + count
    }

    mutating func process(_ frames: Span<Float>, into output: inout MutableSpan<Float>) -> Int {
      let frameSize = streamCount * inputSize
      let count = frameCount(of: frames)
      var waits = commonWaitingCount
      precondition(
        output.count >= (waits + count) / chunkSize * chunkSize * streamCount * outputSize,
        "no room for the output frames")
      if count > 0 {
        for stream in 0..<streamCount { checkTakesFrames(stream) }
      }
      var taken = 0
      var written = 0
      unsafe frames.withUnsafeBufferPointer { source in
        unsafe output.withUnsafeMutableBufferPointer { destination in
          guard let x = source.baseAddress, let y = destination.baseAddress else { return }
          while taken < count {
            let part = min(chunkSize - waits, count - taken)
            unsafe (waiting.base + waits * frameSize).update(
              from: x + taken * frameSize, count: part * frameSize)
            for stream in 0..<streamCount { positions[stream] += UInt64(part) }
            waits += part
            taken += part
            if waits == chunkSize {
              unsafe runAll(frames: chunkSize, into: y + written * streamCount * outputSize)
              written += chunkSize
              waits = 0
            }
          }
        }
      }
      return written
    }

    mutating func process(
      _ frames: Span<Float>, streams: Span<Int>, into output: inout MutableSpan<Float>,
      counts: inout MutableSpan<Int>
    ) {
      checkList(streams, frames: frames, outputCount: output.count, countCount: counts.count)
      guard streamCount > 1 else {
        if !streams.isEmpty { counts[0] = process(frames, into: &output) }
        return
      }
      var complete = 0
      for place in streams.indices {
        let stream = streams[place]
        checkTakesFrames(stream)
        unsafe frames.withUnsafeBufferPointer { source in
          guard let x = source.baseAddress else { return }
          unsafe (waiting.base + (waitingCount(stream) * streamCount + stream) * inputSize).update(
            from: x + place * inputSize, count: inputSize)
        }
        positions[stream] += 1
        let completes = waitingCount(stream) == 0
        counts[place] = completes ? chunkSize : 0
        if completes {
          unsafe scratch.list[complete] = stream
          complete += 1
        }
      }
      guard complete > 0 else { return }
      unsafe output.withUnsafeMutableBufferPointer { destination in
        guard let y = destination.baseAddress else { return }
        guard complete < streams.count else {
          unsafe runGathered(streams: complete, frames: chunkSize, into: y)
          return
        }
        unsafe runGathered(streams: complete, frames: chunkSize, into: scratch.gathered.base)
        var next = 0
        for place in streams.indices where counts[place] > 0 {
          let size = chunkSize * outputSize
          unsafe (y + place * size).update(from: scratch.gathered.base + next * size, count: size)
          next += 1
        }
      }
    }

    mutating func finish(into output: inout MutableSpan<Float>) -> Int {
      let count = commonWaitingCount
      precondition(
        output.count >= count * streamCount * outputSize, "no room for the output frames")
      if count > 0 {
        unsafe output.withUnsafeMutableBufferPointer { destination in
          if let y = destination.baseAddress { unsafe runAll(frames: count, into: y) }
        }
        for stream in 0..<streamCount { positions[stream] = Self.finished }
      }
      return count
    }

    mutating func finish(stream: Int, into output: inout MutableSpan<Float>) -> Int {
      checkStream(stream)
      if streamCount == 1 { return finish(into: &output) }
      let count = waitingCount(stream)
      precondition(output.count >= count * outputSize, "no room for the output frames")
      if count > 0 {
        unsafe output.withUnsafeMutableBufferPointer { destination in
          guard let y = destination.baseAddress else { return }
          unsafe scratch.list[0] = stream
          unsafe runGathered(streams: 1, frames: count, into: y)
        }
        positions[stream] = Self.finished
      }
      return count
    }

    mutating func advance(frames: Int, stream: Int) {
      checkStream(stream)
      checkTakesFrames(stream)
      precondition(
        waitingCount(stream) == 0 && frames >= 0 && frames % chunkSize == 0,
        "streams advance by whole chunks, at a chunk boundary")
      guard frames > 0 else { return }
      positions[stream] += UInt64(frames)
      cache.skip(stream: stream, to: positions[stream])
    }

    mutating func reset(stream: Int, at position: UInt64) {
      checkStream(stream)
      precondition(
        waitingCount(stream) == 0 && position % UInt64(chunkSize) == 0,
        "streams are reset at a chunk boundary, to a chunk boundary")
      positions[stream] = position
      cache.reset(stream: stream, at: position)
    }

    mutating func exchange(stream: Int, with archive: inout StateArchive) {
      checkStream(stream)
      archive.value(&positions[stream])
      for frame in 0..<chunkSize {
        unsafe archive.memory(
          waiting.base + (frame * streamCount + stream) * inputSize, count: inputSize)
      }
      cache.exchange(stream: stream, with: &archive)
      archive.check(cache.holds(positions[stream], stream: stream))
    }

    private func checkTakesFrames(_ stream: Int) {
      precondition(
        positions[stream] != Self.finished,
        "after finish a stream must be reset before it takes frames again")
    }
  }
}
