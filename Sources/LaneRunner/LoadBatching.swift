import LatencyLog

extension MeasureBatching {
  /// The most rounds after the window of attention is full, and the fewest in any case.
  private static let rounds = (most: 21, fewest: 5)
  /// Nanoseconds after which a choice must do with what it has.
  private static let patience: Int64 = 1_000_000_000

  /// Measures one at a time, 32 together and all together, in turn, each on streams of its own and
  /// random frames; takes the fastest.
  init(choosingFor model: LoadModel, streams: Int, now: () -> Int64) {
    let sizes = [1, 32, streams].filter { $0 <= streams }
    guard streams > 1 else {
      self.init(size: 1, trials: [])
      return
    }
    let candidates = Set(sizes).sorted().map { size in
      (size: size, batches: LoadProcessor.batches(of: model, streams: streams, batch: size))
    }
    let frames = LoadSignal.noise(streams * model.inputSize, seed: 1)
    var output = [Float](repeating: 0, count: streams * model.chunkSize * model.outputSize)
    let settling = (model.settlingFrames + model.chunkSize - 1) / model.chunkSize
    var times = candidates.map { _ in [Int64]() }
    let begin = now()
    for round in 0..<settling + Self.rounds.most {
      if round >= Self.rounds.fewest, now() - begin > Self.patience { break }
      for (index, candidate) in candidates.enumerated() {
        let start = now()
        for _ in 0..<model.chunkSize {
          Self.run(candidate.batches, frames, into: &output, model: model)
        }
        times[index].append(now() - start)
      }
    }
    // The rounds before were spent on filling the window, or on the caches. The fastest of the others
    // is the one that nothing else disturbed.
    let counted = min(Self.rounds.most, max(1, times[0].count - 2))
    let trials = zip(candidates, times).map { candidate, times in
      let fastest = times.suffix(counted).min() ?? 0
      return Trial(
        size: candidate.size,
        nanoseconds: Double(fastest) / Double(streams * model.chunkSize))
    }
    let best = trials.min { $0.nanoseconds < $1.nanoseconds }
    self.init(size: best?.size ?? 1, trials: trials)
  }

  private static func run(
    _ batches: [LoadProcessor], _ frames: [Float], into output: inout [Float], model: LoadModel
  ) {
    unsafe frames.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        guard var from = source.baseAddress, let to = target.baseAddress else { return }
        for batch in batches {
          let count = batch.streamCount * model.inputSize
          _ = unsafe LaneBuffers.run(
            &batch.processor, from, count: count, into: to, capacity: target.count)
          unsafe from += count
        }
      }
    }
  }
}
