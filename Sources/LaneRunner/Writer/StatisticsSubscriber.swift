import LatencyLog
import Results
import StreamCore

/// The lanes' statistics, of which the summary is made.
final class StatisticsSubscriber: FrameSubscriber {
  private(set) var lanes: [LaneStatistics]
  /// The newest output of each lane, for people who watch; empty before the first.
  private(set) var newestOutputs: [[Float]]
  /// The labels of the newest tokens of each lane, for people who watch; nil of a lane that gives none.
  private(set) var newestTokens: [[Int]?]
  /// Whether writing is timed: in real time, where something is written.
  private let timesWrites: Bool
  /// Emissions of what was written and not timed yet, by lane.
  private var untimed: [(lane: Int, emission: Int64)] = []

  /// More tokens than a line of a terminal shows.
  private static let tokensKept = 200

  /// `givesTokens`: of each lane, whether it gives some.
  init(_ lanes: [LaneDescription], givesTokens: [Bool], timesWrites: Bool) {
    newestTokens = givesTokens.map { $0 ? [] : nil }
    self.lanes = lanes.map(LaneStatistics.init)
    newestOutputs = lanes.map { _ in [] }
    self.timesWrites = timesWrites
    untimed.reserveCapacity(4_096)
  }

  func frame(_ record: FrameRecord, time: Double, output: borrowing Span<Float>) {
    lanes[record.lane].add(record)
    lanes[record.lane].add(outputs: output, of: record)
    if !output.isEmpty {
      newestOutputs[record.lane].removeAll(keepingCapacity: true)
      for index in output.indices { newestOutputs[record.lane].append(output[index]) }
    }
    if timesWrites { untimed.append((record.lane, record.emission)) }
  }

  func token(_ token: TokenRecord) {
    newestTokens[token.lane]?.append(token.output)
    if let count = newestTokens[token.lane]?.count, count >= 2 * Self.tokensKept {
      newestTokens[token.lane]?.removeFirst(count - Self.tokensKept)
    }
  }

  func exchange(with archive: inout StateArchive) { archive.each(&lanes) }

  func written(at instant: Int64) {
    for item in untimed { lanes[item.lane].addWriterDelay(instant - item.emission) }
    untimed.removeAll(keepingCapacity: true)
  }
}

/// Each lane minute by minute: what may drift over hours.
final class DriftSubscriber: FrameSubscriber {
  private(set) var monitors: [DriftMonitor]
  private let rings: [ResultRing]

  func exchange(with archive: inout StateArchive) { archive.each(&monitors) }

  init(_ lanes: [Lane]) {
    monitors = lanes.map { DriftMonitor(framePeriod: $0.grid.framePeriod) }
    rings = lanes.map(\.results)
  }

  func frame(_ record: FrameRecord, time: Double, output: borrowing Span<Float>) {
    if !output.isEmpty { monitors[record.lane].add(output: output[0]) }
    guard monitors[record.lane].add(record) else { return }
    let ring = rings[record.lane]
    monitors[record.lane].close(
      stateNorm: ring.stateNorm, cacheFill: ring.cacheFill,
      residentBytes: MachineSummary.residentBytes)
  }
}
