import Quality
import StreamCore
import StreamIO

/// The samples of one lane's streams at the model's rate, read round and round, each stream from a
/// place of its own. Allocated once and never written to again.
@safe package final class LoopedSignal: @unchecked Sendable {
  /// Samples until it begins again.
  package let length: Int
  package let channels: Int
  /// `[length + step, channels]`: the beginning once more at the end, so that a step never wraps.
  private let values: FloatBuffer

  /// - Throws: `badData` where a recording does not fit the lane or is shorter than a frame.
  package init(_ input: LoopedInput, for lane: LaneSetup) throws(SourceError) {
    let frontEnd = lane.frontEnd
    channels = frontEnd.channels
    let step = max(frontEnd.window, frontEnd.hop)
    let samples: [Float]
    switch input {
    case .random(let seed):
      let length = min(max(10 * frontEnd.sampleRate, 16 * step), LoopedInput.valueLimit / channels)
      samples = Self.noise(max(step, length) * channels, seed: seed)
    case .recording(
      let values, let rate, let stampedRate, let count, let channel, let name, let match):
      let mixer =
        if let match { match.mixer(of: lane) } else {
          try lane.mixer(inputChannels: count, channel: channel)
        }
      let mixed = Self.mixed(values, by: mixer)
      let resampler = try lane.resampler(from: lane.rate(of: rate, stampedRate: stampedRate))
      samples =
        resampler.map { Self.resampled(mixed, by: $0, channels: frontEnd.channels) } ?? mixed
      guard samples.count >= step * channels else {
        throw SourceError(
          .badData,
          "\(name): has \(samples.count / channels) samples at the rate of lane \(lane.name), "
            + "expected at least \(step) for one frame")
      }
    }
    length = samples.count / channels
    values = FloatBuffer(count: samples.count + step * channels)
    for index in 0..<values.count { unsafe values.base[index] = samples[index % samples.count] }
  }

  /// Where a stream begins: places spread by the golden ratio, the first at the beginning.
  package func start(ofStream stream: Int) -> Int {
    let place = Double(stream) * 0.618_033_988_749_895
    return min(length - 1, Int((place - place.rounded(.down)) * Double(length)))
  }

  /// The samples from a place on, `[step, channels]`.
  @unsafe package func samples(at place: Int) -> UnsafePointer<Float> {
    unsafe UnsafePointer(values.base + place * channels)
  }

  /// Uniform in -0.5 ..< 0.5.
  package static func noise(_ count: Int, seed: UInt64) -> [Float] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in Float(generator.next() >> 40) / 16_777_216 - 0.5 }
  }

  private static func mixed(_ values: [Float], by mixer: ChannelMixer) -> [Float] {
    let count = values.count / mixer.inputChannels
    var mixed = [Float](repeating: 0, count: count * mixer.outputChannels)
    unsafe values.withUnsafeBufferPointer { source in
      unsafe mixed.withUnsafeMutableBufferPointer { target in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        let result = unsafe mixer.mix(from, count: count, into: to)
        if unsafe result == from { unsafe to.update(from: from, count: target.count) }
      }
    }
    return mixed
  }

  private static func resampled(
    _ samples: [Float], by resampler: Resampler, channels: Int
  ) -> [Float] {
    var stream = resampler.makeStream(channels: channels)
    let count = Int(resampler.outputsWithFinish(forInputs: UInt64(samples.count / channels)))
    var result = [Float](repeating: 0, count: count * channels)
    var room = result.mutableSpan
    let written = stream.process(samples.span, into: &room) * channels
    var rest = [Float](repeating: 0, count: result.count - written)
    var restRoom = rest.mutableSpan
    _ = stream.finish(into: &restRoom)
    return result[..<written] + rest
  }
}

/// What the streams of a controlled load hear.
public enum LoopedInput: Sendable {
  /// Uniform noise in -0.5 ..< 0.5, the same for the same seed.
  case random(seed: UInt64)
  /// Samples `[samples, channels]` of a recording, which are brought to the rate of each model;
  /// `stampedRate` is what its stamps show, where nobody told the rate; `match` says which of its channels
  /// each lane takes, where they are columns.
  case recording(
    samples: [Float], rate: Int?, stampedRate: Double?, channels: Int, channel: Int?, name: String,
    match: ColumnMatch? = nil)

  /// The most values that are read of a recording: 64 MiB.
  public static let valueLimit = 1 << 24

  /// Reads a recording for lanes, at most `valueLimit` values of it; lost samples are zeros. Throws what the
  /// source throws, and `badData` where a lane does not find its channels. Allocates the samples.
  public init(
    reading source: any SampleSource, lanes: [LaneSetup], channel: Int?, name: String,
    isStopped: () -> Bool = { false }
  ) throws(SourceError) {
    let match = try ColumnMatch(source, lanes: lanes, channel: channel)
    if let wanted = match.wanted { source.take(columns: wanted) }
    let channels = source.channelCount
    let limit = max(1, Self.valueLimit / channels)
    let capacity = 4_096
    var samples: [Float] = []
    let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: capacity * channels)
    defer { unsafe buffer.deallocate() }
    reading: while samples.count < limit * channels {
      switch try unsafe source.read(into: buffer) {
      case .samples(let count, _):
        for index in 0..<count * channels { samples.append(unsafe buffer[index]) }
      case .gap(let length):
        let room = limit - samples.count / channels
        let lost = Int(min(length, UInt64(max(0, room))))
        samples += [Float](repeating: 0, count: lost * channels)
      case .idle:
        if isStopped() { throw SourceError(.stopped, "\(name): stopped while it was read") }
      case .end: break reading
      }
    }
    self = .recording(
      samples: samples, rate: source.sampleRate, stampedRate: source.stampedRate,
      channels: channels, channel: channel, name: name, match: match)
  }

  /// What was taken for granted of a recording, a sentence each, for people.
  public var notes: [String] {
    guard case .recording(_, _, _, _, _, _, let match) = self else { return [] }
    return match?.notes ?? []
  }
}
