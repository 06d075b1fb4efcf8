@testable import StreamCore

extension Resampler {
  /// All outputs of a signal, given in parts of the sizes that `split` yields, then `finish`.
  func run(_ samples: [Float], split: () -> Int = { Int.max }) -> [Float] {
    var stream = makeStream()
    return stream.run(samples, split: split)
  }
}

extension Resampler.Stream {
  mutating func run(_ samples: [Float], split: () -> Int = { Int.max }) -> [Float] {
    var result: [Float] = []
    var start = 0
    while start < samples.count {
      let count = min(split(), samples.count - start)
      result += take(Array(samples[start..<start + count]))
      start += count
    }
    return result + end()
  }

  mutating func take(_ samples: [Float]) -> [Float] {
    let capacity = outputCapacity(forFrames: samples.count / inputSize)
    var output = [Float](repeating: .nan, count: capacity * outputSize)
    var span = output.mutableSpan
    let written = process(samples.span, into: &span)
    return Array(output.prefix(written * outputSize))
  }

  mutating func end() -> [Float] {
    var output = [Float](repeating: .nan, count: outputCapacity(forFrames: 0) * outputSize)
    var span = output.mutableSpan
    let written = finish(into: &span)
    return Array(output.prefix(written * outputSize))
  }
}
