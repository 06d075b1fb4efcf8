import Foundation
import ModelFiles
import Testing

/// A golden file's input and outputs, and what its model takes.
struct GoldenNumbers {
  let input: [Float]
  /// `[frames][outputs]`
  let output: [[Double]]
  let channels: Int
  let rate: Int

  /// All cases that begin at the start of a stream, by name.
  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: Workspace.golden)) ?? []
    return files.filter { $0.hasSuffix(".model.safetensors") && !$0.contains("-far.") }
      .map { String($0.dropLast(".model.safetensors".count)) }.sorted()
  }()

  init(_ name: String) throws {
    let file = try SafetensorsFile(contentsOf: "\(Workspace.golden)/\(name).golden.safetensors")
    let model = try SafetensorsFile(contentsOf: Workspace.goldenModel(name))
    let frontEnd = try JSONDocument(model.metadata["front_end"] ?? "")
    channels = try frontEnd.integer("channels")
    rate = try frontEnd.integer("sample_rate")
    input = try file.values(of: "input")
    let values = try file.values(of: "output").map(Double.init)
    let width = file.shape(of: "output")?.last ?? 1
    output = stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
  }
}
