import Foundation

/// A file with given bytes that goes away with the object.
final class ScratchFile {
  let path: String

  init(_ bytes: [UInt8], suffix: String) throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("lockstep-\(UUID().uuidString)\(suffix)").path
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  convenience init(_ text: String, suffix: String) throws {
    try self.init(Array(text.utf8), suffix: suffix)
  }

  var bytes: [UInt8] {
    get throws { try Array(Data(contentsOf: URL(fileURLWithPath: path))) }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}
