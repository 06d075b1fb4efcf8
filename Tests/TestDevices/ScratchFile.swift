import Foundation

/// A file with given bytes that goes away with the object.
package final class ScratchFile {
  package let path: String

  package init(_ bytes: [UInt8], suffix: String) throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("lockstep-\(UUID().uuidString)\(suffix)").path
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  package convenience init(_ text: String, suffix: String) throws {
    try self.init(Array(text.utf8), suffix: suffix)
  }

  package var bytes: [UInt8] {
    get throws { try Array(Data(contentsOf: URL(fileURLWithPath: path))) }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}

/// Where two lists first differ, or nil: the whole lists would fill the screen.
package func firstDifference<Value: Equatable>(
  _ a: some Collection<Value>, _ b: some Collection<Value>
)
  -> Int?
{
  let same = zip(a, b).prefix { $0 == $1 }.count
  return same == a.count && same == b.count ? nil : same
}
