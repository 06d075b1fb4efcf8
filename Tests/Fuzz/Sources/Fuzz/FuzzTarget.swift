import CFuzzer
import Foundation
import ModelFiles
import Quality
import Results
import StreamCore
import StreamIO

/// A reader of bytes that others wrote. Any bytes are refused in words or read to their end; whatever
/// traps, hangs or touches memory that is not its own is a finding.
enum FuzzTarget: String, CaseIterable {
  case model
  case wav
  case csv
  case ndjson
  case labels
  case snapshot
  case requirement

  /// Bytes that a model of the fuzzer may take, far less than the fuzzer's own limit.
  private static let memoryLimit = 64 << 20

  /// Made at their first use, once.
  private static let savedRuns = made { try SavedRun.all() }
  private static let inputRun = made { try InputRun() }

  private static func made<Value>(_ make: () throws -> Value) -> Value {
    do {
      return try make()
    } catch {
      FileHandle.standardError.write(Data("Error: \(error)\n".utf8))
      exit(70)
    }
  }

  /// What the fuzzer begins with, beside its corpus.
  var seeds: [[UInt8]] { self == .snapshot ? Self.savedRuns.map(\.seed) : [] }

  func run(_ bytes: [UInt8]) {
    switch self {
    case .model: Self.withFile(bytes, Self.runModel)
    case .wav: Self.inputRun.replay(bytes, as: .sound)
    case .csv: Self.inputRun.replay(bytes, as: .csv)
    case .ndjson: Self.inputRun.replay(bytes, as: .ndjson)
    case .labels: _ = try? Labels(bytes: bytes, path: "labels")
    case .snapshot:
      for run in Self.savedRuns { run.goOn(from: bytes) }
    case .requirement: _ = try? Requirement(parsing: String(decoding: bytes, as: UTF8.self))
    }
  }

  /// Gives the bytes a path for as long as `body` runs.
  static func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) rethrows {
    let file = unsafe bytes.withUnsafeBufferPointer {
      unsafe fuzzer_file($0.baseAddress, $0.count)
    }
    guard file >= 0 else { return }
    defer { close(file) }
    try body("/proc/self/fd/\(file)")
  }

  /// Loads a model, describes it, and gives it a little of silence.
  private static func runModel(_ path: String) {
    guard let file = try? ModelFile(contentsOf: path, memoryLimit: memoryLimit) else { return }
    _ = ModelDescription(file).text
    let model = file.model
    var stream = model.makeStreams()
    let silence = [Float](repeating: 0, count: model.inputSize)
    // A chunk and the beginning of the next.
    for _ in 0...min(model.chunkSize, 64) {
      let capacity = stream.outputCapacity(forFrames: 1) * model.outputSize
      var outputs = [Float](repeating: 0, count: capacity)
      var room = outputs.mutableSpan
      _ = stream.process(silence.span, into: &room)
    }
  }
}
