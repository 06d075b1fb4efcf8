import Foundation
import LatencyLog
import StreamIO
import TestLanes
import Testing

@testable import LaneRunner

/// What people who watch are told while a run lasts.
@Suite("Progress")
struct ProgressTests {
  private func watch(_ source: any SampleSource, mode: Pipeline.Mode) throws -> [RunProgress] {
    let watcher = Watcher()
    _ = try Pipeline(
      source: source, mode: mode, lanes: [try GoldenModels.lstm()], options: PipelineOptions()
    ).run([watcher])
    return watcher.all
  }

  @Test("How long a live input has been silent, and its pauses")
  func silence() throws {
    let all = try watch(HaltingSource(), mode: .live)
    let longest = try #require(all.compactMap(\.silence).max())
    #expect(longest >= 1)
    // It begins anew with what comes after it.
    let after = try #require(all.last { $0.pauseCount == 1 })
    #expect(after.pausedTime == 3_000_000_000)
    #expect(after.silence.map { $0 < longest } ?? true)
    #expect(all[0].pauseCount == 0)
    #expect(after.lanes[0].newestOutput.count == 1)
  }

  @Test("A recording is never silent, however slow its pace")
  func recording() throws {
    let source = TestSource([.samples(GoldenModels.noise(16_000))], sampleRate: 16_000)
    let all = try watch(source, mode: .replay(.realtime(factor: 1)))
    #expect(all.count > 1)
    #expect(all.allSatisfy { $0.silence == nil })
  }
}

private final class Watcher: FrameSubscriber {
  var all: [RunProgress] = []
  var wantsProgress: Bool { true }

  func frame(_ record: FrameRecord, time: Double, output: borrowing Span<Float>) {}
  func progress(_ progress: RunProgress) { all.append(progress) }
}

/// A live source that brings a second of samples, nothing for 1.5 s, a second of samples, of which it
/// says that they came after a pause, and nothing for 0.5 s before its end.
private final class HaltingSource: SampleSource {
  private var reads = 0
  let sampleRate: Int? = 16_000
  let channelCount = 1
  let sampleCount: UInt64? = nil
  private(set) var pauses: [SourceClock.Pause] = []

  func read(into buffer: UnsafeMutableBufferPointer<Float>) throws(SourceError) -> SourceEvent {
    reads += 1
    switch reads {
    case 1...10, 41...50:
      if reads == 41 { pauses.append(.init(position: 16_000, length: 3_000_000_000)) }
      for index in 0..<1_600 { unsafe buffer[index] = Float(index % 7) / 7 }
      return .samples(count: 1_600, instant: MonotonicClock.now())
    case 11...40, 51...60:
      Thread.sleep(forTimeInterval: 0.05)
      return .idle
    default: return .end
    }
  }
}
