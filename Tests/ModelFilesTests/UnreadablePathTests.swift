import Foundation
import Testing

@testable import ModelFiles

/// Paths that lead to no file.
struct UnreadablePathTests {
  private func error(_ path: String) -> ModelFileError? {
    do throws(ModelFileError) {
      _ = try ModelFile(contentsOf: path)
      return nil
    } catch {
      return error
    }
  }

  @Test func missing() {
    let error = error("/nowhere/m.safetensors")
    #expect(error?.kind == .unreadable)
    #expect(error?.description == "cannot read /nowhere/m.safetensors: No such file or directory")
    #expect(self.error("")?.kind == .unreadable)
  }

  @Test func directory() {
    let path = FileManager.default.temporaryDirectory.path
    #expect(error(path)?.kind == .unreadable)
    #expect(error(path)?.description == "cannot read \(path): it is a directory")
  }

  @Test func deviceAndZeroByte() {
    #expect(error("/dev/null")?.description == "cannot read /dev/null: it is not a regular file")
    #expect(error("/dev/zero")?.kind == .unreadable)
    #expect(
      error("/dev/null\0.safetensors")?.description
        == "cannot read /dev/null\\u{0}.safetensors: the path holds a zero byte")
  }

  /// A pipe without a writer must not hang.
  @Test(.timeLimit(.minutes(1))) func namedPipe() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    let made = unsafe mkfifo(path, 0o600)
    try #require(made == 0)
    defer { unsafe unlink(path) }
    #expect(error(path)?.reason == "it is not a regular file")
  }

  @Test func shrinkingFile() throws {
    var bytes = SafetensorsBytes()
    bytes.add("a", [2], [1, 2])
    try withTemporaryFile(bytes.bytes) { path in
      let file = try SafetensorsFile(contentsOf: path)
      let cut = unsafe truncate(path, off_t(bytes.bytes.count - 1))
      try #require(cut == 0)
      #expect(
        throws: ModelFileError(
          .malformed, path: path, reason: "it became shorter while it was read")
      ) { try file.values(of: "a") }
    }
  }
}
