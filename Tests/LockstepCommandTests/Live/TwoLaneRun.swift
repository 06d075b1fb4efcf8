#if canImport(CALSA)
  import Foundation
  import TestDevices

  /// One run of the lockstep program with two lanes, an LSTM and a Transformer, and what it wrote.
  final class TwoLaneRun {
    let program: SpawnedProgram
    private let folder: URL
    /// The run whose files this one goes on with.
    private let previous: TwoLaneRun?

    /// - Parameters:
    ///   - arguments: the subcommand and its input; lanes and outputs are added.
    ///   - input: a descriptor that becomes standard input.
    ///   - previous: a run whose files this one goes on with.
    init(_ arguments: [String], input: Int32? = nil, after previous: TwoLaneRun? = nil) throws {
      self.previous = previous
      let folder =
        previous?.folder
        ?? FileManager.default.temporaryDirectory
        .appendingPathComponent("lockstep-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      self.folder = folder
      let path = { (name: String) in folder.appendingPathComponent(name).path }
      let models = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Golden")
        .path
      program = try SpawnedProgram(
        PacedDevice.products.appendingPathComponent("lockstep").path,
        arguments + [
          "--model", "\(models)/lstm-h20-l1-log-mel.model.safetensors,name=lstm",
          "--model", "\(models)/chunk-l2-h2-d10-c4-left16-log-mel.model.safetensors,name=chunk",
          "--output", path("output"), "--log", path("log.ndjson"), "--summary", path("summary"),
        ], environment: PacedDevice.environment, input: input)
    }

    deinit { if previous == nil { try? FileManager.default.removeItem(at: folder) } }

    private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    static let lanes = ["lstm", "chunk"]

    /// A lane's output lines.
    func outputs(of lane: String) throws -> [Substring] {
      try String(contentsOfFile: path("output"), encoding: .utf8).split(separator: "\n")
        .filter { $0.hasPrefix("{\"lane\":\"\(lane)\",") }
    }

    /// A line of the log: a lane's frame, or a gap of the input.
    private struct LogLine: Decodable {
      var lane: String?
      var position: Int
      var responseNs: Int64?
      var gap: Int?
    }

    private func logLines() throws -> [LogLine] {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      return try String(contentsOfFile: path("log.ndjson"), encoding: .utf8)
        .split(separator: "\n").map { try decoder.decode(LogLine.self, from: Data($0.utf8)) }
    }

    /// A lane's response times in ns, by frame.
    func responses(of lane: String) throws -> [Int64] {
      try logLines().filter { $0.lane == lane }.compactMap(\.responseNs)
    }

    func gapsInLog() throws -> [Summary.Gap] {
      try logLines().filter { $0.lane == nil }
        .map { Summary.Gap(position: $0.position, length: $0.gap ?? 0) }
    }

    /// The books of the summary.
    struct Summary: Decodable {
      struct Gap: Decodable, Equatable {
        var position, length: Int
      }
      struct Input: Decodable {
        var received: Int
        var rate: Double
        var gaps: [Gap]
      }
      struct Lane: Decodable {
        var name: String
        var frames, consumed, tail, overrun: Int
      }
      var input: Input
      var lanes: [Lane]

      /// Samples of all gaps.
      var lost: Int { input.gaps.map(\.length).reduce(0, +) }
      /// Frames of 400 samples every 160 that so many samples make.
      var expectedFrames: Int { max(0, (input.received + lost - 400) / 160 + 1) }
    }

    func summary() throws -> Summary {
      try JSONDecoder().decode(
        Summary.self, from: Data(contentsOf: URL(fileURLWithPath: path("summary"))))
    }

    /// What `lockstep replay` makes of samples.
    static func replay(_ samples: some Sequence<Int16>, rate: Int = 16_000) throws -> TwoLaneRun {
      let file = try ScratchFile(
        SoundBytes.wav(Array(samples), rate: rate), suffix: ".wav")
      let run = try TwoLaneRun(["replay", file.path])
      run.program.wait()
      return run
    }
  }
#endif
