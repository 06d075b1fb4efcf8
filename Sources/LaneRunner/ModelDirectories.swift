import Foundation

/// Where the trained models are looked for when none is named.
package enum ModelDirectories {
  /// `$LOCKSTEP_MODELS` alone if it is set; else what is installed beside the executable, then the
  /// clones that the executable and the user stand in.
  package static var all: [String] {
    if let chosen = ProcessInfo.processInfo.environment["LOCKSTEP_MODELS"], !chosen.isEmpty {
      return [chosen]
    }
    let executable = Bundle.main.executableURL?.resolvingSymlinksInPath().path
    let installed = executable.map { parent(parent($0)) + "/share/lockstep/models" }
    let clones = [executable, FileManager.default.currentDirectoryPath].compactMap {
      $0.flatMap(clone(around:)).map { $0 + "/samples/models" }
    }
    let found = [installed].compactMap { $0 } + clones
    return found.enumerated().filter { !found[..<$0.offset].contains($0.element) }.map(\.element)
  }

  /// The closest folder at or above a path that is a clone of this package.
  private static func clone(around path: String) -> String? {
    var folder = path
    while folder.count > 1 {
      if ["Package.swift", "samples/models"].allSatisfy({
        FileManager.default.fileExists(atPath: "\(folder)/\($0)")
      }) {
        return folder
      }
      folder = parent(folder)
    }
    return nil
  }

  private static func parent(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  }
}
