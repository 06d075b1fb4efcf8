import LatencyLog
import StreamCore
import TestRecords
import Testing

/// Statistics that are saved and restored go on as if nothing had been.
@Suite("Snapshots of statistics")
struct StatisticsSnapshotTests {
  /// Frames that are late and dropped now and then, with a different time each.
  static func record(_ frame: UInt64) -> FrameRecord {
    let late: Int64 = frame % 1_000 < 30 ? 40_000_000 : 0
    let part = Int64(frame &* 7_919 % 10_007) * 100
    return sampleRecord(
      frame, queue: late + part, frontEnd: part / 3, buffering: part / 2, model: 1_000 + part,
      emit: part % 77, endsCall: frame % 4 == 3, dropped: frame % 500 > 495)
  }

  private func restored<Value: Restorable>(_ value: Value, into fresh: Value) throws -> Value {
    var (value, fresh) = (value, fresh)
    let bytes = try #require(StateArchive.bytes { value.exchange(with: &$0) })
    try StateArchive.restore(from: bytes.span) { fresh.exchange(with: &$0) }
    return fresh
  }

  @Test("Every figure, saved in and after the warm-up, and around what is kept exactly")
  func statistics() throws {
    let lane = sampleLane(chunkSize: 4)
    var whole = LaneStatistics(lane)
    for frame in 0..<130_000 as Range<UInt64> { whole.add(Self.record(frame)) }
    for points in [[50, 99, 100, 101], [7_777, 99_999, 100_099, 120_000]] as [[UInt64]] {
      var split = LaneStatistics(lane)
      for frame in 0..<130_000 as Range<UInt64> {
        if points.contains(frame) { split = try restored(split, into: LaneStatistics(lane)) }
        split.add(Self.record(frame))
      }
      #expect(split.frames == whole.frames && split.misses == whole.misses)
      #expect(split.dropped == whole.dropped && split.recoveries == whole.recoveries)
      #expect(split.recoveryCount == whole.recoveryCount && split.callCount == whole.callCount)
      #expect(split.loadSoFar == whole.loadSoFar)
      for quantile in [Quantile.p50, .p90, .p99, .p999] {
        #expect(split.response.percentile(quantile) == whole.response.percentile(quantile))
        #expect(split.service.percentile(quantile) == whole.service.percentile(quantile))
        #expect(
          split.warmUpResponse.percentile(quantile) == whole.warmUpResponse.percentile(quantile))
        #expect(
          split.responseInChunk?.last.percentile(quantile)
            == whole.responseInChunk?.last.percentile(quantile))
        for part in BudgetPart.allCases {
          #expect(
            split.budget[part].percentile(quantile) == whole.budget[part].percentile(quantile))
        }
      }
      #expect(
        split.response.mean == whole.response.mean && split.response.max == whole.response.max)
    }
  }

  @Test("Minutes of drift")
  func drift() throws {
    func monitor(savedAt points: [UInt64]) throws -> DriftMonitor {
      var monitor = DriftMonitor(framePeriod: 60e9 / 10)
      for frame in 0..<40_000 as Range<UInt64> {
        if points.contains(frame) {
          monitor = try restored(monitor, into: DriftMonitor(framePeriod: 60e9 / 10))
        }
        monitor.add(output: Float(frame % 13))
        if monitor.add(Self.record(frame)) {
          monitor.close(stateNorm: Double(frame), cacheFill: nil, residentBytes: 7)
        }
      }
      return monitor
    }
    let whole = try monitor(savedAt: [])
    #expect(try monitor(savedAt: [0, 5, 10, 14_399, 14_400, 33_333]).minutes == whole.minutes)
  }

  @Test(
    "Whatever the bytes say, a distribution is refused or can be used", arguments: [0xff, 0x7f])
  func damage(byte: UInt8) throws {
    var sample = DurationDistribution()
    for value in 0..<1_500 { sample.record(Int64(value * value % 997)) }
    let good = try #require(StateArchive.bytes { sample.exchange(with: &$0) })
    var refused = 0
    for place in good.indices {
      var bad = good
      bad[place] = byte
      var found = DurationDistribution()
      do {
        try StateArchive.restore(from: bad.span) { found.exchange(with: &$0) }
        found.record(3)
        _ = (found.mean, found.percentile(.p50), found.percentile(.p99))
      } catch {
        refused += 1
      }
    }
    #expect(refused > good.count / 4)
  }

  @Test("Numbers from which sums would overflow are refused")
  func furthestNumbers() throws {
    for value in [Int64.max, .min, 1 << 62, -1 << 62, 1 << 62 - 1, 1 - 1 << 62] {
      var number: Int64 = value
      let bytes = try #require(StateArchive.bytes { $0.value(&number) })
      var found: Int64 = 0
      let isRestored =
        (try? StateArchive.restore(from: bytes.span) { $0.value(&found) }) != nil
      #expect(isRestored == (value.magnitude < 1 << 62))
    }
  }

  @Test("A record")
  func record() throws {
    for frame in 0..<600 as Range<UInt64> {
      var record = Self.record(frame)
      record.delivery = frame % 2 == 0 ? nil : Int64(frame)
      #expect(try restored(record, into: Self.record(1)) == record)
    }
  }
}
