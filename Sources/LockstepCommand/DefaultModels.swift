import Foundation

/// Where the trained pairs are found when no `--model` is given.
enum DefaultModels {
  /// What the input looks like, which decides the pair.
  enum Pair: String {
    case speech
    case activity
  }

  /// The pair's two files, from the first place that has both.
  static func files(_ pair: Pair) throws(CommandFailure) -> [String] {
    let names = ["lstm", "transformer"].map { "\(pair.rawValue)-\($0).safetensors" }
    for directory in directories {
      let files = names.map { "\(directory)/\($0)" }
      if files.allSatisfy(FileManager.default.fileExists) { return files }
    }
    throw CommandFailure(
      "no default models: \(names.joined(separator: " and ")) are in none of "
        + directories.joined(separator: ", ") + "; expected them there, or --model FILE",
      exitCode: 66)
  }

  /// `$LOCKSTEP_MODELS` alone if it is set; else beside the executable, and the package's samples.
  private static var directories: [String] {
    if let chosen = ProcessInfo.processInfo.environment["LOCKSTEP_MODELS"], !chosen.isEmpty {
      return [chosen]
    }
    let executable = Bundle.main.executableURL?.resolvingSymlinksInPath()
    let shared = executable?.deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "share/lockstep/models").path
    let package = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "samples/models").path
    return [shared, package].compactMap { $0 }
  }
}
