#if canImport(CALSA)
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
