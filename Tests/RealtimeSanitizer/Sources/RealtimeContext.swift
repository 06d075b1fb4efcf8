@_silgen_name("__rtsan_realtime_enter")
private func enterRealtime()

@_silgen_name("__rtsan_realtime_exit")
private func exitRealtime()

/// Runs a body in which the sanitizer ends the program, with a report, at the first call of a function
/// that may allocate, lock or wait.
@inline(never)
func inRealtimeContext(_ body: () -> Void) {
  enterRealtime()
  body()
  exitRealtime()
}
