/// The clock that a run's instants are on; its name is what the log says.
public enum RunClock: String, Sendable, Equatable {
  /// Of the schedule and of durations measured one by one: nothing waited for real time.
  case virtual
  /// The system's monotonic clock.
  case monotonic
}
