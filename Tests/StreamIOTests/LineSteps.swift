@testable import StreamIO

/// Every step of a text input until it ends or throws.
struct LineSteps {
  /// The stamps of rows, in ns.
  var times: [Int64?] = []
  /// `row` and `bad` in order; of a row its values, of a bad line its time.
  var steps: [String] = []
  /// The numbers of their lines.
  var lines: [UInt64] = []
  var notes: [String] = []
  var error: String?

  init(
    _ text: String, _ format: SourceFormat, _ options: LineOptions = LineOptions(),
    rate: Int? = nil, largest: Int = 4096
  ) throws {
    try self.init(
      PipeFeed(Array(text.utf8), largest: largest, seed: 5).input, format, options, rate: rate)
  }

  init(
    _ input: InputDescriptor, _ format: SourceFormat, _ options: LineOptions = LineOptions(),
    rate: Int? = nil
  ) {
    do throws(SourceError) {
      let rows = try RowReader(
        input, format: format, options: options, rate: rate, isStopped: { false })
      notes = rows.notes
      while true {
        switch try rows.next() {
        case .row:
          times.append(rows.row.time)
          steps.append(rows.row.values.map(\.description).joined(separator: " "))
          lines.append(rows.row.line)
        case .bad(let time):
          steps.append("bad \(time.map { "\($0)" } ?? "-")")
          lines.append(rows.row.line)
        case .idle: continue
        case .end: return
        }
      }
    } catch {
      self.error = error.message
    }
  }
}
