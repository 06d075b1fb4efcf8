import Foundation
import ModelFiles
import StreamCore
import Testing

@testable import LockstepBench

/// What the compiler does not ask of a new family, now that no `switch` names them all.
@Suite struct FamilyTests {
  private static let package = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test(arguments: ModelFamily.all.map(\.architecture))
  func aFamilyHasAGoldenFileABenchRowAndALineInTheDocument(_ architecture: String) throws {
    let directory = Self.package.appending(path: "Tests/Golden").path
    let golden = try FileManager.default.contentsOfDirectory(atPath: directory)
      .filter { $0.hasSuffix(".model.safetensors") }
      .map { try SafetensorsFile(contentsOf: "\(directory)/\($0)").metadata["architecture"] }
    #expect(golden.contains(architecture))
    let family = try #require(ModelFamily.all.first { $0.architecture == architecture })
    let rows = try WorkloadList.rows()
    #expect(family.benchModels.contains { model in rows.contains { $0.hasPrefix(model.name) } })
    #expect(try Self.document().contains("`\(architecture)`"))
  }

  @Test(arguments: FrontEndKind.all.map(\.name))
  func aFrontEndHasALineInTheDocument(_ name: String) throws {
    #expect(try Self.document().contains("| `\(name)` |"))
  }

  private static func document() throws -> String {
    try String(contentsOf: package.appending(path: "docs/model-file.md"), encoding: .utf8)
  }
}
