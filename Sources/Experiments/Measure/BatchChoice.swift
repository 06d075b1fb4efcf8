import LaneRunner
import Results
import StreamCore

extension MeasureBatching {
  /// The most rounds that are measured, and the fewest.
  private static let rounds = (most: 21, fewest: 5)
  /// Nanoseconds of measuring after which a choice must do with what it has.
  private static let patience: Int64 = 1_000_000_000

  /// Measures one at a time, 32 together and all together, in turn, each on streams of its own and
  /// random frames; takes the fastest.
  ///
  /// Rounds are measured once the window of attention is full, because a call costs less before that.
  init(
    choosingFor setup: LaneSetup, streams: Int, now: () -> Int64,
    isStopped: () -> Bool = { false }
  ) {
    let sizes = [1, 32, streams].filter { $0 <= streams }
    guard streams > 1 else {
      self.init(size: 1, trials: [])
      return
    }
    let model = setup.model
    let candidates = Set(sizes).sorted().map { size in
      (size: size, batches: ProcessorBox.batches(of: model, streams: streams, batch: size))
    }
    let frames = LoopedSignal.noise(streams * model.inputSize, seed: 1)
    var output = [Float](repeating: 0, count: streams * model.chunkSize * model.outputSize)
    // Two at least: for the caches.
    let settling = max(2, (model.settlingFrames + model.chunkSize - 1) / model.chunkSize)
    var times = candidates.map { _ in [Int64]() }
    var begin = now()
    for round in 0..<settling + Self.rounds.most {
      if round == settling { begin = now() }
      let measured = round - settling
      if measured >= Self.rounds.fewest, now() - begin > Self.patience { break }
      if isStopped() { break }
      for (index, candidate) in candidates.enumerated() {
        let start = now()
        for _ in 0..<model.chunkSize {
          Self.run(candidate.batches, frames, into: &output, inputSize: model.inputSize)
        }
        if measured >= 0 { times[index].append(now() - start) }
      }
    }
    // The fastest round is the one that nothing else disturbed.
    let trials = zip(candidates, times).map { candidate, times in
      Trial(
        size: candidate.size,
        nanoseconds: Double(times.min() ?? 0) / Double(streams * model.chunkSize))
    }
    let best = trials.min { $0.nanoseconds < $1.nanoseconds }
    self.init(size: best?.size ?? 1, trials: trials)
  }

  private static func run(
    _ batches: [ProcessorBox], _ frames: [Float], into output: inout [Float], inputSize: Int
  ) {
    unsafe frames.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        guard var from = source.baseAddress, let to = target.baseAddress else { return }
        for batch in batches {
          let count = batch.streamCount * inputSize
          _ = unsafe batch.run(from, count: count, into: to, capacity: target.count)
          unsafe from += count
        }
      }
    }
  }
}
