import StreamIO

/// Where a run's results go: files that grow while it lasts, and files that appear whole at its end.
struct ResultFiles {
  var outputs: FileSink?
  var log: FileSink?
  var trace: FileSink?
  var summary: WholeFile?
  var report: WholeFile?
}
