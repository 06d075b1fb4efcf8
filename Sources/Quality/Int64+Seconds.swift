extension Int64 {
  /// The nanosecond nearest to so many seconds.
  ///
  /// Instants are compared as integers: ten frames of 0.01 s are not 0.1 s in floating point.
  init(seconds: Double) {
    self.init(Swift.min(Swift.max((seconds * 1e9).rounded(), -9.2e18), 9.2e18))
  }
}
