/// Uncompressed samples from a pipe or file: headerless PCM, or the data of a WAV stream, which is
/// read as it comes, whatever its header says of its length.
///
/// A read may bring any number of bytes; a part of a sample is kept for the next one. Live, each look
/// at what waits in the pipe is an observation of the newest sample there, and samples arrive by the
/// envelope of all observations, never before the event before them. Reading does not allocate.
final class PCMSource: SampleSource {
  /// Where the samples end, as far as the input says so beforehand.
  struct Length: Equatable {
    /// Bytes of samples that belong to the input.
    var bytes: UInt64
    /// Whether it is an error when the input ends before.
    var isPromised: Bool
  }

  let sampleRate: Int?
  let channelCount: Int
  let sampleCount: UInt64?
  private let input: InputDescriptor
  private let encoding: PCMEncoding
  private let isLive: Bool
  private let length: Length?
  private let sampleSize: Int
  /// Bytes as they came; the first `kept` of them are the start of a sample.
  private var bytes: [UInt8]
  private var kept = 0
  /// Bytes taken from the input.
  private var taken: UInt64 = 0
  /// Samples delivered.
  private var position: UInt64 = 0
  private var latestInstant = Int64.min
  /// Samples a second; without, live samples that wait are not back-dated.
  private var rate: Int?
  private var envelope = ArrivalEnvelope()
  private var watch: PaceWatch
  private var hasEnded = false
  private var error: SourceError?

  /// - Parameters:
  ///   - rate: nil when unknown.
  ///   - length: what a header says; nil reads to the end.
  ///   - warn: takes what people should know of a live input at once; from the reading thread.
  init(
    _ input: InputDescriptor, encoding: PCMEncoding, rate: Int?, channels: Int, isLive: Bool,
    length: Length? = nil, warn: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.input = input
    self.encoding = encoding
    self.isLive = isLive
    self.length = length
    sampleRate = rate
    self.rate = rate
    watch = PaceWatch(name: input.name, warn: warn)
    channelCount = channels
    sampleSize = encoding.byteCount * channels
    bytes = [UInt8](repeating: 0, count: max(64 << 10, sampleSize))
    let present = input.remainingBytes
    let promised = length.flatMap { $0.isPromised ? $0.bytes : nil }
    let known = [present, promised].compactMap { $0 }.min()
    sampleCount = known.map { $0 / UInt64(encoding.byteCount * channels) }
    input.enlargePipe()
  }

  /// The samples of a WAV stream, whose next byte is the first of them: PCM of 8 to 32 bits, floats and
  /// G.711, WAVE_FORMAT_EXTENSIBLE included.
  ///
  /// - Parameter rate: overrides the header's rate.
  convenience init(
    _ input: InputDescriptor, header: WAVHeader, rate: Int?, isLive: Bool,
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) throws(SourceError) {
    guard let encoding = PCMEncoding(header) else {
      throw input.bad(
        "is WAV with format tag \(header.formatTag) and \(header.bitsPerValue) bits, "
          + "expected PCM of 8 to 32 bits, floats, u-law or A-law where it cannot be read from a file"
      )
    }
    // Programs that cannot go back to their header write the largest length they dare: sox
    // 2^31 - 4096, arecord 2^31, others up to 2^32 - 2. Such a length promises nothing.
    let length = header.dataLength.map { Length(bytes: $0, isPromised: $0 < 0x7FFF_0000) }
    self.init(
      input, encoding: encoding, rate: rate ?? header.sampleRate, channels: header.channelCount,
      isLive: isLive, length: length, warn: warn)
  }

  func adopt(rate: Int) { self.rate = rate }

  var clock: SourceClock {
    var clock = SourceClock()
    guard isLive, let rate else { return clock }
    clock.measuredRate = envelope.pace.map { $0 * Double(rate) }
    clock.pauses = pauses
    return clock
  }

  var pauses: [SourceClock.Pause] { isLive ? envelope.pauses : [] }

  func read(
    into buffer: UnsafeMutableBufferPointer<Float>
  ) throws(SourceError) -> SourceEvent {
    precondition(buffer.count >= channelCount, "the buffer has no room for a sample")
    if let error { throw error }
    if hasEnded { return .end }
    let left = length.map { $0.bytes - taken } ?? .max
    if left == 0 { return try end() }

    var delay = isLive ? look() : nil
    if delay?.waitingBytes ?? 0 == 0 {
      if let delay, delay.waitingBytes != nil { watch.nothingCame(at: delay.instant) }
      guard input.isReadable(withinMilliseconds: inputPatience) else { return .idle }
      if isLive { delay = look() }
    }
    let room = min(buffer.count / channelCount * sampleSize, bytes.count / sampleSize * sampleSize)
    var wanted = room - kept
    // Nothing waiting in something readable is its end, or a kind that cannot tell.
    if let waiting = delay?.waitingBytes, waiting > 0 { wanted = min(wanted, waiting) }
    wanted = Int(min(UInt64(wanted), left))
    guard let count = try input.read(into: &bytes, kept..<(kept + wanted)) else { return .idle }
    if count == 0 { return try end() }
    if isLive, delay?.waitingBytes ?? 0 == 0 {
      delay = PipeDelay(instant: MonotonicClock.now(), waitingBytes: count)
    }
    if let delay { observe(delay, bytesLeft: left) }
    taken += UInt64(count)
    return try unsafe deliver(bytes: kept + count, into: buffer, seen: delay?.instant)
  }

  func skip(samples: UInt64) -> Bool {
    let (count, overflows) = samples.multipliedReportingOverflow(by: UInt64(sampleSize))
    guard !isLive, !overflows, count <= length?.bytes ?? .max, input.skip(bytes: count) else {
      return false
    }
    taken = count
    position = samples
    return true
  }

  private func look() -> PipeDelay {
    PipeDelay.measure(clock: MonotonicClock.now) { input.readableBytes }
  }

  /// Takes a look from before a read: the newest whole sample was there at its instant.
  private func observe(_ delay: PipeDelay, bytesLeft: UInt64) {
    guard let rate, let waiting = delay.waitingBytes else { return }
    let samples = (UInt64(kept) + min(UInt64(waiting), bytesLeft)) / UInt64(sampleSize)
    guard samples > 0 else { return }
    let newest = position + samples - 1
    envelope.observe(
      expected: ArrivalEnvelope.expected(position: newest, rate: rate), at: delay.instant,
      position: newest)
    watch.samplesCame(at: delay.instant, rate: rate, envelope)
  }

  /// Decodes the whole samples among the first `available` bytes and keeps the rest.
  private func deliver(
    bytes available: Int, into buffer: UnsafeMutableBufferPointer<Float>, seen: Int64?
  ) throws(SourceError) -> SourceEvent {
    var count = available / sampleSize
    let values = unsafe UnsafeMutableBufferPointer(rebasing: buffer[..<(count * channelCount)])
    unsafe bytes.withUnsafeBytes { unsafe encoding.decode($0, into: values) }
    kept = available - count * sampleSize
    for index in 0..<kept { bytes[index] = bytes[count * sampleSize + index] }
    if encoding.isFloat, let bad = unsafe SourceLimit.firstDefect(in: UnsafeBufferPointer(values)) {
      count = bad / channelCount
      error = unsafe input.bad(sample: position + UInt64(count), values[bad])
    }
    position += UInt64(count)
    if count == 0 {
      if let error { throw error }
      return .idle
    }
    guard let seen else { return .samples(count: count, instant: nil) }
    let arrival = rate.flatMap { rate in
      envelope.arrival(expected: ArrivalEnvelope.expected(position: position - 1, rate: rate))
    }
    latestInstant = max(latestInstant, arrival ?? seen)
    return .samples(count: count, instant: latestInstant)
  }

  /// The end, unless it came too early or in the middle of a sample.
  private func end() throws(SourceError) -> SourceEvent {
    hasEnded = true
    if let length, length.isPromised, taken < length.bytes {
      error = input.bad(
        "is truncated: its header claims \(length.bytes) bytes of samples, \(taken) are there")
    } else if kept > 0 {
      let left = kept == 1 ? "1 byte is" : "\(kept) bytes are"
      error = input.bad(
        "\(left) left over after sample \(position), expected the \(sampleSize) "
          + "bytes of a sample (\(channelCount) x \(encoding.rawValue))")
    }
    if let error { throw error }
    return .end
  }
}
