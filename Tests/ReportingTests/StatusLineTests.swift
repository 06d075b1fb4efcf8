import Testing

@testable import LatencyLog
@testable import Reporting

@Suite struct StatusLineTests {
  private static func progress(seconds: Double) -> RunProgress {
    var progress = RunProgress(lanes: [
      RunProgress.Lane(
        name: "speech-lstm", frames: 17_998, misses: 1, p50: 1_200_000, p99: 3_450_000,
        max: 9_000_000, load: 0.1, queuedFrames: 0, newestOutput: [0], seconds: 179.98),
      RunProgress.Lane(
        name: "b", frames: 0, misses: 0, p50: nil, p99: nil, max: nil, load: nil, queuedFrames: 0,
        newestOutput: [0], seconds: 0),
    ])
    progress.elapsedSeconds = seconds
    return progress
  }

  @Test func literal() {
    var progress = Self.progress(seconds: 185)
    #expect(
      StatusLine.text(progress)
        == "Status: 3 min; speech-lstm 17,998 frames, p50 1.20 ms, p99 3.45 ms, 1 miss; "
        + "b 0 frames, p50 -, p99 -, 0 misses; 0 gaps")
    (progress.gapCount, progress.gapSamples) = (2, 1_600)
    #expect(StatusLine.text(progress).hasSuffix("; 2 gaps, 1,600 samples lost"))
  }
}
