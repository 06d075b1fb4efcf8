import Testing

@testable import Reporting

@Suite("A series in a fixed number of buckets")
struct DecimatedSeriesTests {
  @Test(
    "Extremes of every index range are those of the values",
    arguments: [1, 1_599, 1_600, 1_601, 50_000])
  func extremes(count: Int) {
    var series = DecimatedSeries<ValueRange>(channels: 2)
    let values = (0..<count).map { Float(($0 * 7_919) % 10_007) }
    for (index, value) in values.enumerated() {
      series.add(ValueRange(value), channel: 0, at: UInt64(index))
      series.add(ValueRange(-value), channel: 1, at: UInt64(index))
    }
    let width = Int(series.width)
    #expect(series.count == (count + width - 1) / width)
    #expect(series.count <= DecimatedSeries<ValueRange>.capacity)
    #expect(count <= 1_600 ? width == 1 : series.count >= 800)
    for bucket in 0..<series.count {
      let part = values[bucket * width..<min(count, (bucket + 1) * width)]
      #expect(series[bucket].low == part.min())
      #expect(series[bucket].high == part.max())
      #expect(series[bucket, channel: 1].low == part.max().map { -$0 })
    }
  }

  @Test("A hole stays a hole, however far it reaches")
  func hole() {
    var series = DecimatedSeries<ValueRange>()
    series.add(ValueRange(1), at: 0)
    series.add(ValueRange(2), at: 1_000_000)
    #expect(series.width == 1_024)
    #expect(series.channel(0).filter { $0.range != nil }.map(\.high) == [1, 2])
    #expect(series[0].high == 1)
    #expect(series[976].high == 2)
    #expect(series.middle(of: 976) == 976 * 1_024 + 511.5)
  }

  @Test("What is not a number leaves no mark")
  func notANumber() {
    var range = ValueRange(.nan)
    #expect(range.range == nil)
    range.merge(ValueRange(.infinity))
    #expect(range.range == nil)
    range.merge(ValueRange(3))
    #expect(range == ValueRange(3))
  }
}
