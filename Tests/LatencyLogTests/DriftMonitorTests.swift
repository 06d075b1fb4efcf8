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
}
