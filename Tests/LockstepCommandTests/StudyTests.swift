import Foundation
import Testing

/// `study`: what it takes, what it writes, and how its page looks.
@Suite("Contract: study", .serialized)
struct StudyTests {
  let space: Workspace

  init() throws { space = try Workspace() }

  @Test("A row that there is not is refused with those that there are")
  func unknownRow() async throws {
    let result = try await space.run(["study", "colour"])
    #expect(result.exitCode == 64)
    #expect(result.errors.contains("colour: is no row of the study"))
    #expect(result.errors.contains("processing, reach, memory"))
  }

  @Test("Without the models of a clone it says what it needs")
  func noModels() async throws {
    let result = try await space.run(["study", "reach", "--quick"])
    #expect(result.exitCode == 66)
    #expect(result.errors.contains("expected a clone of Lockstep"))
  }

  @Test("The page has the row's claim, findings and pictures, whole at any width")
  func page() async throws {
    let models = URL(filePath: Workspace.golden).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "samples/models").path
    let result = try await LockstepProcess(
      arguments: [
        "study", "reach", "core", "third", "--quick", "--summary", space.path("study.json"),
        "--report", space.path("study.html"),
      ], environment: ["LOCKSTEP_MODELS": models]
    ).run()
    result.expectSuccess()
    #expect(result.outputText.contains("Long-range dependence"))
    let summary = try JSONDocument(try space.text("study.json"))
    #expect(try summary.integer("schema") == 1)
    let rows = try summary.objects("rows")
    #expect(try rows.map { try $0.text("row") } == ["reach", "core", "third"])
    let page = try space.text("study.html")
    let sentence = try rows[0].objects("findings")[0].text("sentence")
    #expect(page.contains(sentence))
    for (scheme, width) in [(Browser.Scheme.dark, 390), (.light, 1_280)] {
      let found = try await Browser.open(page, width: width, scheme: scheme, in: space)
      #expect(found.isDark == (scheme == .dark))
      #expect(found.overflow <= 0)
      #expect(found.cut == [])
      #expect(found.untitled == [])
      #expect(found.loads == 0 && !found.letsOut)
      #expect(found.figures == 7)
      #expect(found.contrasts.allSatisfy { $0 >= 4.5 }, "\(found.contrasts)")
    }
  }
}
