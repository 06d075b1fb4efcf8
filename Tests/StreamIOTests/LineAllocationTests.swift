import CAllocationCounter
import TestDevices
import Testing

@testable import StreamIO

/// A line that is right allocates nothing.
@Suite(
  "Allocations of lines", .serialized,
  .disabled(if: allocation_counter_stands_aside() == 1, "a sanitizer has the allocator"))
struct LineAllocationTests {
  @Test("The counter counts")
  func counterCounts() {
    let before = allocation_counter_value()
    let array = [Int](repeating: before, count: 1_000 + before % 2)
    #expect(allocation_counter_value() > before)
    #expect(array.count >= 1_000)
  }

  @Test("Numbers, dates and epochs, in CSV and NDJSON", arguments: BadLinePolicy.allCases)
  func rows(policy: BadLinePolicy) throws {
    let times: [(Int) -> String] = [
      { "\(Double($0) / 50)" }, { "\(1_700_000_000_123_456_789 + $0 * 20_000_000)" },
      { "\"2026-01-01T00:00:\(10 + $0 / 50 % 50).\(10 + $0 % 50)Z\"" },
    ]
    for time in times {
      let values = { (index: Int) in "\(Float(index) / 7),-3.25e-4" }
      let csv = (0..<3_000).map { "\(time($0)),\(values($0))\n" }.joined()
      let ndjson = (0..<3_000).map { "{\"time\":\(time($0)),\"values\":[\(values($0))]}\n" }
        .joined()
      for (text, format) in [("time,x,y\n" + csv, SourceFormat.csv), (ndjson, .ndjson)] {
        let file = try ScratchFile(text, suffix: ".txt")
        let rows = try RowReader(
          InputDescriptor(path: file.path), format: format,
          options: LineOptions(badLines: policy), isStopped: { false })
        var count = 0
        var before = 0
        while count < 2_500 {
          if try rows.next() == .row { count += 1 }
          if count == 100 { before = allocation_counter_value() }
        }
        let found = allocation_counter_value() - before
        #expect(found == 0, "\(format) \(text.prefix(60))")
      }
    }
  }
}
