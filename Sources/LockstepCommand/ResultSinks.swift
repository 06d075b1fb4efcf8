import StreamIO

/// Where a run's results go.
struct ResultSinks {
  var outputs: FileSink?
  var log: FileSink?
  var summary: FileSink?
  var trace: FileSink?
  var report: FileSink?
}
