import Foundation
import Testing

/// What every script promises to those who call it for the first time, or wrongly.
@Suite("Contract: scripts")
struct ScriptTests {
  @Test("The README's table has every script, and nothing else")
  func listed() throws {
    let readme = try String(
      contentsOf: ScriptsCopy.original.appending(path: "README.md"), encoding: .utf8)
    let rows = readme.split(separator: "\n").filter { $0.hasPrefix("| `") }
    let names = rows.map { String($0.dropFirst(3).prefix { $0 != "`" }) }
    #expect(names.sorted() == ScriptsCopy.callable)
  }

  @Test("--help says what a script does and does nothing", arguments: ScriptsCopy.callable)
  func help(name: String) async throws {
    let copy = try ScriptsCopy()
    let result = try await copy.run(name, "--help")
    result.expectSuccess()
    let text = result.outputText
    for word in ["scripts/\(name)", "Needs ", "Takes "] { #expect(text.contains(word), "\(text)") }
    #expect(result.seconds < 5)
    #expect(try copy.changes() == [])
  }

  @Test("An unknown option is 64 and one sentence", arguments: ScriptsCopy.callable)
  func unknownOption(name: String) async throws {
    let copy = try ScriptsCopy()
    let result = try await copy.run(name, "--no-such-option")
    result.expectRefusal(64, naming: [name, "--no-such-option"])
    #expect(result.output == [])
    #expect(try copy.changes() == [])
  }
}

/// The scripts in a folder of their own, where what they write, also to the temporary folder, and the
/// programs by which they install, build and fetch show as changes.
private final class ScriptsCopy {
  static let original = URL(filePath: Workspace.golden).appending(path: "../../scripts")
    .standardizedFileURL

  /// The files under scripts that can be called, by their paths in it, in order.
  static let callable: [String] = files(in: original).filter {
    FileManager.default.isExecutableFile(atPath: original.path + "/" + $0)
  }

  /// Stand-ins for these note their calls; that `test` asks `swift` for its options is no deed.
  private static let watched = ["apt-get", "cc", "clang", "curl", "git", "pip", "sudo", "swift"]
  private static let standIn = """
    #!/bin/sh
    case "$*" in *--help-hidden) ;; *) echo "$0 $*" >>"${0%/*}/../called" ;; esac

    """

  private let space: Workspace
  private let programs: String
  private let before: [String: Date]

  init() throws {
    let manager = FileManager.default
    space = try Workspace()
    programs = space.path("programs")
    for folder in ["programs", "temporary"] {
      try manager.createDirectory(atPath: space.path(folder), withIntermediateDirectories: true)
    }
    for name in Self.watched {
      let path = try space.write(Self.standIn, to: "programs/\(name)")
      try manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }
    for name in Self.files(in: Self.original) {
      let copy = URL(filePath: space.path("scripts/\(name)"))
      try manager.createDirectory(
        at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
      try manager.copyItem(at: Self.original.appending(path: name), to: copy)
    }
    before = try Self.times(in: space.folder)
  }

  func run(_ name: String, _ option: String) async throws -> ProcessResult {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return try await LockstepProcess(
      program: space.path("scripts/\(name)"), arguments: [option],
      environment: [
        "PATH": "\(programs):\(path)", "TMPDIR": space.path("temporary"),
        "PYTHONDONTWRITEBYTECODE": "",
      ],
      launcher: ["/usr/bin/env", "--chdir=\(space.folder)"], timeLimit: 20
    ).run()
  }

  /// The files and folders that are there, are gone, or have another time since the copy was made.
  func changes() throws -> [String] {
    let now = try Self.times(in: space.folder)
    return Set(before.keys).union(now.keys).filter { before[$0] != now[$0] }.sorted()
  }

  /// Regular files that are not hidden, nor in hidden folders such as .cache, nor compiled by Python.
  private static func files(in folder: URL) -> [String] {
    let found = FileManager.default.enumerator(
      at: folder, includingPropertiesForKeys: [.isRegularFileKey], options: .skipsHiddenFiles)
    let files = found?.compactMap { $0 as? URL } ?? []
    return files.filter { file in
      (try? file.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true
        && file.pathExtension != "pyc"
    }.map { String($0.path.dropFirst(folder.path.count + 1)) }.sorted()
  }

  private static func times(in folder: String) throws -> [String: Date] {
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
    return try Dictionary(
      uniqueKeysWithValues: names.map { name in
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
        return (name, attributes[.modificationDate] as? Date ?? .distantPast)
      })
  }
}
