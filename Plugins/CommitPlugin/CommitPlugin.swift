import Foundation
import PackagePlugin

/// Writes the git commit that is being built into a source file of the build folder.
///
/// A manifest could ask for it, but manifests are cached; so is the plan of a build, which this is a part of.
/// The command below runs again whenever a source or git's own record of the tree has changed.
@main
struct CommitPlugin: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) -> [Command] {
    let root = context.package.directoryURL
    let output = context.pluginWorkDirectoryURL.appending(path: "GitCommit.swift")
    let sources = context.package.targets.compactMap { $0 as? any SourceModuleTarget }
      .flatMap { $0.sourceFiles.map(\.url) }
    return [
      .buildCommand(
        displayName: "Writing the git commit", executable: URL(filePath: "/bin/sh"),
        arguments: ["-c", Self.script, "sh", root.path, output.path],
        // Looking must not wait for, nor hold up, whoever works with git meanwhile.
        environment: ["GIT_OPTIONAL_LOCKS": "0"],
        inputFiles: [root.appending(path: "Package.swift")] + gitFiles(of: root) + sources,
        outputFiles: [output])
    ]
  }

  /// `unknown` outside of a repository of its own; `-dirty` for changes to what git tracks, and for
  /// sources that it does not. An unchanged file is not written, so that nothing is compiled again.
  private static let script = """
    cd "$1" && commit=unknown
    if [ "$(git rev-parse --show-toplevel 2>/dev/null)" = "$(pwd -P)" ] \\
      && head=$(git rev-parse HEAD 2>/dev/null); then
      commit=$head
      changes=$(git status --porcelain --untracked-files=no; git status --porcelain Sources)
      [ -z "$changes" ] || commit=$head-dirty
    fi
    text="/// What git says of the tree that was built; unknown without it.
    let gitCommit = \\"$commit\\""
    [ "$text" = "$(cat "$2" 2>/dev/null)" ] || printf '%s\\n' "$text" >"$2"
    """

  /// The files that a commit, a checkout or `git add` changes.
  private func gitFiles(of root: URL) -> [URL] {
    let git = Process()
    let output = Pipe()
    git.executableURL = URL(filePath: "/usr/bin/env")
    git.arguments =
      ["git", "-C", root.path, "rev-parse", "--path-format=absolute"]
      + ["HEAD", "logs/HEAD", "index"].flatMap { ["--git-path", $0] }
    git.standardOutput = output
    git.standardError = FileHandle.nullDevice
    guard (try? git.run()) != nil else { return [] }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    git.waitUntilExit()
    return text.split(separator: "\n").map { URL(filePath: String($0)) }
      .filter { FileManager.default.fileExists(atPath: $0.path) }
  }
}
