import Foundation
import ModelFiles
import StreamCore

/// A pair of golden files: a complete model, and what the PyTorch reference computes for an input.
struct GoldenFile {
  let name: String
  let golden: SafetensorsFile

  static let directory = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Golden").path

  init(_ name: String, _ kind: String = "golden") throws {
    self.name = name
    golden = try SafetensorsFile(contentsOf: "\(Self.directory)/\(name).\(kind).safetensors")
  }

  /// The names of all pairs of a model and its golden values.
  static let models: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return files.filter { $0.hasSuffix(".model.safetensors") }
      .map { String($0.dropLast(".model.safetensors".count)) }.sorted()
  }()

  func model(chunkSize: Int? = nil, leftContext: Int? = nil) throws -> ModelFile {
    try ModelFile(
      contentsOf: "\(Self.directory)/\(name).model.safetensors", chunkSize: chunkSize,
      leftContext: leftContext)
  }

  func values(_ tensor: String) throws -> [Float] { try golden.values(of: tensor) }

  var start: UInt64 { UInt64(golden.metadata["start"] ?? "0") ?? 0 }
}

/// The largest absolute difference; infinity where the counts differ or a value is not a number.
func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { largest, pair in
    let difference = abs(pair.0 - pair.1)
    return difference.isNaN ? .infinity : max(largest, difference)
  }
}
