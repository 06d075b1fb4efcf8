#if canImport(CALSA)
  import CALSA

  /// Samples from a capture device, with the instants at which it captured them.
  ///
  /// An overrun or a sleep of the machine is a gap, as long as the clock says; so is the time during
  /// which a device was gone that came back. Nothing is captured before the first read, and reading
  /// does not allocate.
  final class ALSASource: SampleSource {
    let sampleRate: Int?
    let channelCount: Int
    var sampleCount: UInt64? { nil }
    let options: ALSAOptions
    /// Nil while the device is gone.
    var handle: ALSAHandle?
    var absence: ALSAAbsence?
    /// Whether samples were lost since the last one, so that the clock must say how many.
    var mayHaveLost = false
    var error: SourceError?
    private let rate: Int
    private var clock: ALSACaptureClock
    /// Position of the next sample, gaps included.
    private var position: UInt64 = 0
    private var latestInstant = Int64.min
    private var hasStarted = false
    private var bytes: [UInt8]

    init(_ options: ALSAOptions) throws(SourceError) {
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
      if mayHaveLost, let length = takeLoss(delay, period: handle.configuration.period) {
        return .gap(length: length)
      }
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
      guard mayHaveLost, error == nil, let present = clock.position(at: MonotonicClock.now()),
        present > position
      else { return nil }
      return present - position
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
      guard let present = clock.position(at: beginning) else { return nil }
      clock.restart()
      guard present > position else { return nil }
      defer { position = present }
      return present - position
    }

    private func deliver(
      _ count: Int, _ encoding: PCMEncoding, into buffer: UnsafeMutableBufferPointer<Float>
    ) -> SourceEvent {
      var count = count
      let values = unsafe UnsafeMutableBufferPointer(rebasing: buffer[..<(count * channelCount)])
      unsafe bytes.withUnsafeBytes { unsafe encoding.decode($0, into: values) }
      if encoding == .f32le, let bad = unsafe values.firstIndex(where: { !$0.isFinite }) {
        count = bad / channelCount
        error = SourceError(
          .badData,
          "device \(options.device): sample \(position + UInt64(count)) is \(unsafe values[bad]), "
            + "expected a finite number")
        if count == 0 { return .idle }
      }
      position += UInt64(count)
      latestInstant = max(latestInstant, clock.instant(of: position - 1) ?? latestInstant)
      return .samples(count: count, instant: latestInstant)
    }
  }
#endif
