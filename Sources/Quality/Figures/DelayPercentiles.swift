/// Median and 90th percentile of detection delays in nanoseconds, in one resample.
struct DelayPercentiles: Sendable, Equatable {
  var p50: Int64?
  var p90: Int64?
}
