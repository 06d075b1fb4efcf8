import Foundation

/// A folder for one test, with the default models in it, that goes away with the object.
///
/// The default models are golden ones under the names that lockstep looks for.
final class Workspace: Sendable {
  let folder: String

  static let golden = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Golden").path

  private static let defaults = [
    "speech-lstm": "lstm-h20-l1-log-mel",
    "speech-transformer": "chunk-l2-h2-d10-c4-left16-log-mel",
    "activity-lstm": "lstm-h24-l2-normaliser",
    "activity-transformer": "chunk-l2-h2-d6-c4-left16-normaliser",
  ]

  init() throws {
    let manager = FileManager.default
    folder = manager.temporaryDirectory.appending(path: "lockstep-\(UUID().uuidString)").path
    try manager.createDirectory(atPath: folder + "/models", withIntermediateDirectories: true)
    for (name, golden) in Self.defaults {
      try manager.createSymbolicLink(
        atPath: model(name), withDestinationPath: Self.goldenModel(golden))
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  static func goldenModel(_ name: String) -> String { "\(golden)/\(name).model.safetensors" }

  func model(_ name: String) -> String { "\(folder)/models/\(name).safetensors" }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// Writes a file; returns its path.
  func write(_ bytes: [UInt8], to name: String) throws -> String {
    try Data(bytes).write(to: URL(filePath: path(name)))
    return path(name)
  }

  func write(_ text: String, to name: String) throws -> String {
    try write(Array(text.utf8), to: name)
  }

  func bytes(_ name: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(filePath: path(name))))
  }

  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  /// The file's lines, each without its newline; the last must have one.
  func lines(_ name: String) throws -> [String] {
    let text = try text(name)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return lines.last == "" ? lines.dropLast() : lines + ["without a newline at its end"]
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  /// A process that finds this folder's default models.
  func lockstep(
    _ arguments: [String], feed: (@Sendable (InputPipe) -> Void)? = nil
  ) -> LockstepProcess {
    LockstepProcess(
      arguments: arguments, environment: ["LOCKSTEP_MODELS": folder + "/models"], feed: feed)
  }

  /// Runs it to its end.
  func run(
    _ arguments: [String], feed: (@Sendable (InputPipe) -> Void)? = nil
  ) async throws -> ProcessResult {
    try await lockstep(arguments, feed: feed).run()
  }
}
