import LaneRunner
import ModelFiles
import StreamIO
import Testing

@testable import LockstepBench

/// Recordings' ways through lanes, and the spins beside all calls.
@Suite struct PathTests {
  @Test(arguments: BenchRecording.all.map(\.row))
  func aRecordingIsWhatItsRowSays(_ row: String) throws {
    let recording = try #require(BenchRecording.all.first { $0.row == row })
    let source = try RecordingFile(recording).open()
    // Lines without stamps have the rate that the model has.
    let tellsRate = recording.model == "speech-lstm" || row.hasSuffix("-time")
    #expect(source.sampleRate == (tellsRate ? recording.sampleRate : nil))
    #expect(source.channelCount == recording.channels)
    #expect(source.isSound == (recording.model == "speech-lstm"))
    #expect((source.stampedRate != nil) == row.hasSuffix("-time"))
  }

  /// A part for each thing that stands on the way, and all of them can be called.
  @Test func partsFollowTheRecording() throws {
    let parts = try ["path-16k", "path-48k", "path-csv-time"].map { row in
      let path = try Self.path(row)
      for part in [nil] + path.parts { try path.makeCall(part).run() }
      return path.parts
    }
    #expect(parts[0] == [.source, .frontEnd, .model, .line, .books])
    #expect(parts[1] == PathPart.allCases)
    #expect(parts[2] == parts[0])
  }

  /// A call of the whole path is so many frames, also past the end of the recording.
  @Test(arguments: ["path-48k", "path-csv-time"])
  func aCallIsItsFrames(_ row: String) throws {
    let path = try Self.path(row)
    let source = try RecordingSource(path)
    let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: 4_096 * source.channelCount)
    defer { unsafe buffer.deallocate() }
    let total = row == "path-48k" ? 30 * 48_000 : 100_000
    var read = 0
    while read <= total {
      source.beginTurn()
      while !source.turnIsOver {
        if case .samples(let count, _) = try unsafe source.read(into: buffer) { read += count }
      }
      #expect(read % (path.framesPerCall * path.hop) == 0)
    }
  }

  /// As many spins as calls, in each round anew, and none where there are too few calls for a tail.
  @Test func spinsGoWithCalls() throws {
    let counts = try [20_000, 3].map { rounds in
      let series = try Series(
        Workload(
          name: "nothing", precision: .f32, kvPrecision: nil, framesPerCall: 1, streams: 1,
          demand: nil, makeCall: { FrameCalls(1) { _ in } }))
      // Room for so many rounds leaves each ten calls, or no time for more than three.
      for _ in 0..<2 { series.runRound(budget: rounds == 3 ? 0 : .max / 2, rounds: rounds) }
      return [series.calls.count, series.spins.count]
    }
    #expect(counts[0] == [20, 20])
    #expect(counts[1] == [6, 0])
  }

  private static func path(_ row: String) throws -> LanePath {
    let recording = try #require(BenchRecording.all.first { $0.row == row })
    let paths = ModelDirectories.all.map { "\($0)/\(recording.model).safetensors" }
    let file = paths.lazy.compactMap { try? ModelFile(contentsOf: $0) }.first
    return try LanePath(recording, try #require(file))
  }
}
