/// What a user wants of a capture device, and the way from there to a source.
public struct ALSAOptions: Sendable {
  /// Any name that ALSA knows: `default`, `hw:0`, `plughw:1,0`, `pulse`.
  public var device: String
  /// Samples a second; where the device has another, the nearest.
  public var rate: Int
  /// Channels; where the device has other numbers, the nearest.
  public var channels: Int
  /// Seconds from frame to frame: the device is asked for samples four times as often.
  public var hop: Double
  /// Whether a device that has gone is waited for, instead of for two seconds only.
  public var reconnects: Bool
  /// Takes sentences that people should see: a device that has gone, one that has come back.
  public var warn: @Sendable (String) -> Void

  public init(
    device: String, rate: Int, channels: Int = 1, hop: Double = 0.01, reconnects: Bool = false,
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.device = device
    self.rate = rate
    self.channels = channels
    self.hop = hop
    self.reconnects = reconnects
    self.warn = warn
  }

  /// Opens the device; it begins to capture with the first read.
  ///
  /// - Throws: `missingInput` for a device that is not there or may not be opened, `deviceGone` for
  ///   one that is busy or whose server does not answer, `badData` for one without a format that is
  ///   read here, `usage` where the library was built without ALSA. Allocates all that reading needs.
  public func open() throws(SourceError) -> any SampleSource {
    try SourceLimit.check(rate: rate, channels: channels)
    #if canImport(CALSA)
      return try ALSASource(self)
    #else
      throw SourceError(
        .usage, "device \(device): this build has no ALSA, expected - for a pipe")
    #endif
  }
}

#if canImport(CALSA)
  import CALSA

  /// Samples from a capture device, with the instants at which it captured them.
  ///
  /// An overrun is a gap, as long as the clock says; so is a sleep of the machine, whether or not the
  /// device tells of it, and the time during which a device was gone that came back. Nothing is captured
  /// before the first read, and reading does not allocate.
  final class ALSASource: SampleSource {
    let sampleRate: Int?
    let channelCount: Int
    var sampleCount: UInt64? { nil }
    var beginsAnew: Bool { false }
    let options: ALSAOptions
    /// Nil while the device is gone.
    var handle: ALSAHandle?
    var absence: ALSAAbsence?
    /// Whether samples were lost since the last one, so that the clock must say how many.
    var mayHaveLost = false
    var error: SourceError?
    private let rate: Int
    private var clock: ALSACaptureClock
    /// Nanoseconds that the machine has slept, now and when the clock's answers began.
    private let asleep: () -> Int64
    private var asleepBefore: Int64
    /// Position of the next sample, gaps included.
    private var position: UInt64 = 0
    private var latestInstant = Int64.min
    private var hasStarted = false
    private var bytes: [UInt8]

    init(
      _ options: ALSAOptions, asleep: @escaping () -> Int64 = MonotonicClock.asleep
    ) throws(SourceError) {
      let handle: ALSAHandle
      do throws(ALSAError) {
        handle = try ALSAHandle(options)
      } catch {
        throw error.opening(options.device)
      }
      self.options = options
      self.handle = handle
      rate = handle.configuration.rate
      sampleRate = rate
      channelCount = handle.configuration.channels
      clock = ALSACaptureClock(rate: rate)
      self.asleep = asleep
      asleepBefore = asleep()
      // A tenth of a second, of the widest encoding: a device that comes back may have another.
      bytes = [UInt8](repeating: 0, count: max(1, rate / 10) * channelCount * 4)
    }

    func read(into buffer: UnsafeMutableBufferPointer<Float>) throws(SourceError) -> SourceEvent {
      precondition(buffer.count >= channelCount, "the buffer has no room for a sample")
      if let error { throw error }
      guard let handle else { return try awaitReturn() }
      do throws(ALSAError) {
        return try unsafe receive(from: handle, into: buffer)
      } catch {
        return try recover(from: error)
      }
    }

    private func receive(
      from handle: ALSAHandle, into buffer: UnsafeMutableBufferPointer<Float>
    ) throws(ALSAError) -> SourceEvent {
      if !hasStarted {
        try handle.start()
        hasStarted = true
      }
      let available = try handle.wait(milliseconds: inputPatience)
      if available == 0 { return .idle }
      let delay = try handle.delay(available: available)
      let loss = mayHaveLost ? takeLoss(delay, period: handle.configuration.period) : takeSleep()
      if let loss { return .gap(length: loss) }
      if delay.isSharp || clock.isBlank {
        clock.observe(position: position + UInt64(delay.samples), instant: delay.instant)
      }
      let sampleSize = handle.configuration.sampleSize
      let room = min(available, buffer.count / channelCount, bytes.count / sampleSize)
      let count = try handle.read(into: &bytes, count: room)
      guard count > 0 else { return .idle }
      endAbsence()
      return unsafe deliver(count, handle.configuration.encoding, into: buffer)
    }

    func lossWhenStopped() -> UInt64? {
      guard mayHaveLost, error == nil, let present = present(at: MonotonicClock.now()),
        present > position
      else { return nil }
      return present - position
    }

    /// Where the device is at an instant, the time in which the machine slept counted.
    private func present(at instant: Int64) -> UInt64? {
      clock.position(at: instant + asleep() - asleepBefore)
    }

    /// Moves to where a device that started anew now is; returns the samples in between, or nil.
    ///
    /// The device has captured since `delay.start`, and its delay says the same, to a period on simple
    /// hardware; where they differ by more, its first samples came later than its start.
    private func takeLoss(_ delay: ALSADelay, period: Int) -> UInt64? {
      mayHaveLost = false
      var beginning = delay.oldest(rate: rate)
      let late = beginning - delay.start
      if late > 0, late <= Int64(period) * 1_000_000_000 / Int64(rate) { beginning = delay.start }
      return move(to: present(at: beginning))
    }

    /// Moves on by as long as the machine slept if the device did not notice, as those of sound servers
    /// do not; returns the samples of that time, or nil.
    private func takeSleep() -> UInt64? {
      let slept = asleep() - asleepBefore
      // No sleep is shorter; a reader may be kept that long between two looks at the clocks.
      guard slept >= 100_000_000 else { return nil }
      let length = UInt64((Double(slept) / 1e9 * Double(rate)).rounded())
      return move(to: clock.isBlank ? nil : position + length)
    }

    /// Goes on at a position, where it is known, with a new clock; returns the samples skipped, or nil.
    private func move(to present: UInt64?) -> UInt64? {
      clock.restart()
      asleepBefore = asleep()
      guard let present, present > position else { return nil }
      defer { position = present }
      return present - position
    }

    private func deliver(
      _ count: Int, _ encoding: PCMEncoding, into buffer: UnsafeMutableBufferPointer<Float>
    ) -> SourceEvent {
      var count = count
      let values = unsafe UnsafeMutableBufferPointer(rebasing: buffer[..<(count * channelCount)])
      unsafe bytes.withUnsafeBytes { unsafe encoding.decode($0, into: values) }
      if encoding.isFloat,
        let bad = unsafe SourceLimit.firstDefect(in: UnsafeBufferPointer(values))
      {
        count = bad / channelCount
        error = SourceError(
          .badData,
          "device \(options.device): "
            + SourceLimit.defect(ofSample: position + UInt64(count), unsafe values[bad]))
        if count == 0 { return .idle }
      }
      position += UInt64(count)
      latestInstant = max(latestInstant, clock.instant(of: position - 1) ?? latestInstant)
      return .samples(count: count, instant: latestInstant)
    }
  }
#endif
