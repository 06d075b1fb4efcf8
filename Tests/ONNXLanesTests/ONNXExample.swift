import Foundation
import ModelFiles
import StreamCore
import TestDevices

@testable import ONNXLanes

/// A golden ONNX file (`scripts/make-golden onnx` makes them) in a folder of its own, beside the signature that a
/// test gives it. The folder goes away with the object.
final class ONNXExample {
  let path: String
  private let folder: String

  static let golden = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Golden/onnx").path

  /// What the sum that forgets is to be fed with: 4 samples a frame, 100 a second.
  static let signature = """
    {"sample_rate": 100, "hop": 4, "input": "input", "outputs": {"tensor": "output"}}
    """

  init(_ name: String, _ signature: String? = ONNXExample.signature) throws {
    let manager = FileManager.default
    folder = manager.temporaryDirectory.appending(path: "onnx-\(UUID().uuidString)").path
    path = "\(folder)/\(name).onnx"
    try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try manager.copyItem(atPath: "\(Self.golden)/\(name).onnx", toPath: path)
    try signature.map { try Data($0.utf8).write(to: URL(filePath: path + ".json")) }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func model() throws -> ONNXModel { try ONNXFile(contentsOf: path).model() }

  /// Why it is no lane, without its path; nil where it is one.
  func refusal() -> String? {
    do throws(ModelFileError) {
      _ = try ONNXFile(contentsOf: path).model()
      return nil
    } catch {
      return error.reason.replacing(path, with: "FILE")
    }
  }

  /// The signature with another member, or another value of one.
  static func signature(_ key: String, _ value: String) -> String {
    let plain = ["sample_rate": "100", "hop": "4", "input": "\"input\""]
    var members = plain.merging(["outputs": "{\"tensor\": \"output\"}"]) { own, _ in own }
    members[key] = value
    return "{" + members.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ") + "}"
  }
}

/// Drives a processor over frames in calls of the given sizes (the last one repeated), finish included.
func outputs(
  of processor: consuming AnyFrameProcessor, for frames: [Float], callSizes: [Int] = [1]
) -> [Float] {
  let size = processor.inputSize * processor.streamCount
  var results: [Float] = []
  func keep(_ room: [Float], _ frames: Int, _ size: Int) { results += room[..<(frames * size)] }
  var position = 0
  var call = 0
  while position < frames.count / size {
    let count = min(callSizes[min(call, callSizes.count - 1)], frames.count / size - position)
    call += 1
    let width = processor.outputSize * processor.streamCount
    var room = [Float](
      repeating: .nan, count: processor.outputCapacity(forFrames: count) * width)
    var span = room.mutableSpan
    let part = Array(frames[position * size..<(position + count) * size])
    let written = processor.process(part.span, into: &span)
    keep(room, written, width)
    position += count
  }
  let width = processor.outputSize * processor.streamCount
  var room = [Float](repeating: .nan, count: processor.outputCapacity(forFrames: 0) * width)
  var span = room.mutableSpan
  let written = processor.finish(into: &span)
  keep(room, written, width)
  return results
}
