#if canImport(CALSA)
  import Glibc

  extension ALSASource {
    /// Starts the device anew, or gives it up until it is found again.
    func recover(from failure: ALSAError) throws(SourceError) -> SourceEvent {
      mayHaveLost = true
      let isFirst = absence == nil
      absence = absence ?? ALSAAbsence(failure, at: MonotonicClock.now())
      absence?.reason = failure
      do throws(ALSAError) {
        // One that fails again before its next sample is not helped by starting.
        guard isFirst, failure.code == -EPIPE || failure.code == -ESTRPIPE else { throw failure }
        try handle?.restart()
      } catch {
        absence?.reason = error
        handle = nil
      }
      return .idle
    }

    /// Looks for a device that has gone, ten times a second.
    func awaitReturn() throws(SourceError) -> SourceEvent {
      let now = MonotonicClock.now()
      guard var absence else { return .idle }
      if now < absence.retry {
        MonotonicClock.sleep(until: min(absence.retry, now + Int64(inputPatience) * 1_000_000))
        return .idle
      }
      absence.retry = now + ALSAAbsence.retryInterval
      let found: ALSAHandle
      do throws(ALSAError) {
        found = try ALSAHandle(options)
        try found.start()
      } catch {
        absence.reason = error
        if !options.reconnects, now - absence.since >= ALSAAbsence.patience {
          self.absence = absence
          throw fail(
            "has gone (\(absence.reason)) and did not come back within "
              + "\(ALSAAbsence.patience / 1_000_000_000) s")
        }
        announce(&absence)
        self.absence = absence
        return .idle
      }
      self.absence = absence
      try check(found.configuration)
      handle = found
      return .idle
    }

    /// Samples come again.
    func endAbsence() {
      guard let absence else { return }
      self.absence = nil
      if absence.wasAnnounced { options.warn("device \(options.device): is back") }
    }

    private func announce(_ absence: inout ALSAAbsence) {
      guard options.reconnects, !absence.wasAnnounced else { return }
      absence.wasAnnounced = true
      options.warn("device \(options.device): has gone (\(absence.reason)); waiting for its return")
    }

    /// Lanes were made for one rate and one number of channels.
    private func check(_ found: ALSAConfiguration) throws(SourceError) {
      guard found.rate == sampleRate, found.channels == channelCount else {
        throw fail(
          "came back with \(found.rate) samples a second and \(found.channels) channels, "
            + "expected \(sampleRate ?? 0) and \(channelCount)")
      }
    }

    private func fail(_ sentence: String) -> SourceError {
      let failure = SourceError(.deviceGone, "device \(options.device): \(sentence)")
      error = failure
      return failure
    }
  }

  /// The time from a device's first failure until its next sample.
  struct ALSAAbsence {
    /// Monotonic ns, as the other instants.
    let since: Int64
    /// What the device answered last.
    var reason: ALSAError
    /// When it is tried next.
    var retry: Int64
    /// Whether people were told.
    var wasAnnounced = false

    /// How long a device may be gone that nobody waits for, nanoseconds.
    static let patience: Int64 = 2_000_000_000
    static let retryInterval: Int64 = 100_000_000

    init(_ reason: ALSAError, at instant: Int64) {
      self.reason = reason
      since = instant
      retry = instant
    }
  }
#endif
