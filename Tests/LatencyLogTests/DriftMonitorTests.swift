import LatencyLog
import Testing

@Suite("Drift")
struct DriftMonitorTests {
  @Test("Minutes are counted by frames, with what each one held")
  func minutes() {
    var monitor = DriftMonitor(framePeriod: 10_000_000)
    var ended: [UInt64] = []
    for frame in UInt64(0)..<12_500 {
      let record = FrameRecord(
        lane: 0, frame: frame, position: frame, arrival: 0, frontEndStart: 0, frontEndEnd: 0,
        modelStart: 0, modelEnd: 0, emission: Int64(frame % 6_000 + 1))
      monitor.add(output: frame < 6_000 ? 0.25 : 0.75)
      if monitor.add(record) {
        ended.append(frame)
        monitor.close(stateNorm: 3, cacheFill: nil, residentBytes: 4_096)
      }
    }
    #expect(ended == [5_999, 11_999])
    #expect(monitor.minutes.map(\.minute) == [0, 1])
    #expect(monitor.minutes.map(\.responseP99) == [5_940, 5_940])
    #expect(monitor.minutes.map(\.stateNorm) == [3, 3])
    #expect(monitor.minutes[1].outputMean.map { abs($0 - 0.75) < 1e-3 } == true)
  }

  @Test("A month of minutes takes no more entries than a day, and none of it is lost")
  func month() {
    // A minute of a frame, so that a month is short.
    var monitor = DriftMonitor(framePeriod: 60e9)
    let minutes = 30 * 1_440
    for minute in 0..<minutes {
      let record = FrameRecord(
        lane: 0, frame: UInt64(minute), position: 0, arrival: 0, frontEndStart: 0, frontEndEnd: 0,
        modelStart: 0, modelEnd: 0, emission: 5)
      monitor.add(output: Float(minute))
      let isOver = monitor.add(record)
      #expect(isOver)
      monitor.close(stateNorm: Double(minute), cacheFill: 1, residentBytes: minute)
      if minute == 1_439 {
        #expect(monitor.minutes.map(\.minute) == Array(0..<1_440))
        #expect(monitor.minutes.allSatisfy { $0.minutes == 1 })
      }
    }
    let entries = monitor.minutes
    #expect((720...1_440).contains(entries.count))
    #expect(entries.reduce(0) { $0 + $1.minutes } == minutes)
    var next = 0
    for entry in entries {
      #expect(entry.minute == next)
      next += entry.minutes
      #expect(entry.stateNorm == Double(next - 1))
      #expect(entry.residentBytes == next - 1)
      let mean = Double(entry.minute + next - 1) / 2
      #expect(entry.outputMean.map { abs($0 - mean) < 1e-6 } == true)
    }
  }

  @Test("Minutes that merge keep the highest p99, and means weigh minutes by their outputs")
  func merging() throws {
    // 1,000 frames a minute are just enough for a p99.
    var monitor = DriftMonitor(framePeriod: 60e6)
    for minute in 0..<1_441 {
      for frame in 0..<1_000 {
        // Every second minute is four times as slow and has a quarter of the outputs.
        let isSlow = minute % 2 == 1
        if !isSlow || frame < 250 { monitor.add(output: isSlow ? 6 : 1) }
        let record = FrameRecord(
          lane: 0, frame: 0, position: 0, arrival: 0, frontEndStart: 0, frontEndEnd: 0,
          modelStart: 0, modelEnd: 0, emission: isSlow ? 400 : 100)
        _ = monitor.add(record)
      }
      monitor.close(stateNorm: nil, cacheFill: nil, residentBytes: nil)
    }
    #expect(monitor.minutes.count == 721)
    let first = try #require(monitor.minutes.first)
    #expect(first.minutes == 2)
    #expect(first.responseP99 == 400)
    #expect(first.outputMean == 2)
    #expect(monitor.minutes.last?.minutes == 1)
    #expect(monitor.minutes.last?.minute == 1_440)
  }
}
