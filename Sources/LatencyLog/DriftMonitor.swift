/// Collects a lane's frames minute by minute. Used by the writer; allocates once a minute.
public struct DriftMonitor: Sendable {
  /// The minutes that are over.
  public private(set) var minutes: [DriftMinute] = []
  private let framesPerMinute: Int
  private var responses: [Int64] = []
  private var frames = 0
  private var outputSum = 0.0
  private var outputCount = 0

  /// Responses of a minute that its percentile is made of: the first ones, at very high rates.
  private static let responseLimit = 1_000_000

  /// `framePeriod` in nanoseconds of the stream's own time.
  public init(framePeriod: Double) {
    framesPerMinute = max(1, Int((60e9 / framePeriod).rounded()))
    responses.reserveCapacity(min(framesPerMinute, Self.responseLimit))
  }

  /// Adds a frame; true when it was the last one of its minute, which `close` then ends.
  public mutating func add(_ record: FrameRecord) -> Bool {
    frames += 1
    if !record.dropped, responses.count < Self.responseLimit {
      responses.append(record.response)
    }
    return frames == framesPerMinute
  }

  /// Adds the first value of a frame's output.
  public mutating func add(output: Float) {
    guard output.isFinite else { return }
    outputSum += Double(output)
    outputCount += 1
  }

  /// Ends a minute with what only the caller can see.
  public mutating func close(stateNorm: Double?, cacheFill: Double?, residentBytes: Int?) {
    responses.sort()
    let quantile = Quantile(0.99)
    let isSupported = quantile.samplesNeeded.map { responses.count >= $0 } ?? false
    minutes.append(
      DriftMinute(
        minute: minutes.count, stateNorm: stateNorm, cacheFill: cacheFill,
        outputMean: outputCount > 0 ? outputSum / Double(outputCount) : nil,
        responseP99: isSupported ? responses[quantile.rank(among: responses.count) - 1] : nil,
        residentBytes: residentBytes))
    responses.removeAll(keepingCapacity: true)
    frames = 0
    outputSum = 0
    outputCount = 0
  }
}
