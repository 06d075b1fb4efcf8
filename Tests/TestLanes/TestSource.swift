import StreamIO

/// A source of given samples, read in parts of given sizes (the last one repeated), with gaps.
public final class TestSource: SampleSource {
  public enum Part {
    case samples([Float])
    case gap(UInt64)
    case failure(SourceError)
  }

  public let sampleRate: Int?
  public let channelCount: Int
  public let sampleCount: UInt64? = nil
  private var parts: [Part]
  private var readSizes: [Int]
  private let isStamped: Bool

  /// - Parameter isStamped: whether samples come with the instant at which they were read.
  public init(
    _ parts: [Part], sampleRate: Int, channelCount: Int = 1, readSizes: [Int] = [.max],
    isStamped: Bool = false
  ) {
    self.parts = parts.reversed()
    self.sampleRate = sampleRate
    self.channelCount = channelCount
    self.readSizes = readSizes.reversed()
    self.isStamped = isStamped
  }

  public func read(into buffer: UnsafeMutableBufferPointer<Float>) throws(SourceError)
    -> SourceEvent
  {
    guard let part = parts.popLast() else { return .end }
    switch part {
    case .gap(let length): return .gap(length: length)
    case .failure(let error): throw error
    case .samples(let values):
      let size = readSizes.count > 1 ? readSizes.removeLast() : readSizes[0]
      let count = min(size, values.count / channelCount, buffer.count / channelCount)
      for index in 0..<count * channelCount { unsafe buffer[index] = values[index] }
      let rest = Array(values[(count * channelCount)...])
      if !rest.isEmpty { parts.append(.samples(rest)) }
      return .samples(count: count, instant: isStamped ? MonotonicClock.now() : nil)
    }
  }
}
