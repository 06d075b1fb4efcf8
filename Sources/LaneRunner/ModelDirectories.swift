import Foundation

/// Where the trained models are looked for when none is named.
package enum ModelDirectories {
  /// `$LOCKSTEP_MODELS` alone if it is set; else beside the executable, and the package's samples.
  package static var all: [String] {
    if let chosen = ProcessInfo.processInfo.environment["LOCKSTEP_MODELS"], !chosen.isEmpty {
      return [chosen]
    }
    let shared = Bundle.main.executableURL?.resolvingSymlinksInPath()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "share/lockstep/models").path
    let package = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "samples/models").path
    return [shared, package].compactMap { $0 }
  }
}
