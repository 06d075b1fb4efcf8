import Foundation
import Testing

/// The live view in a real terminal, whose window changes its size while a run lasts.
@Suite("Contract: the terminal's window")
struct TerminalWindowTests {
  let space: Workspace

  init() throws { space = try Workspace() }

  /// Two minutes of sound, so many times as fast as they lasted, through so many lanes.
  private func command(lanes: Int = 2, pace: Double = 1) throws -> String {
    let second = Sound.samples(16_000)
    let recording = try space.write(
      Sound.wav((0..<120).flatMap { _ in second }), to: "speech.wav")
    let models = (0..<lanes).map { "--model \(space.model("speech-lstm")),name=lane-\($0)" }
    return "\(LockstepProcess(arguments: []).program) replay \(recording) --pace \(pace) "
      + models.joined(separator: " ")
  }

  /// Whether the lines are a view of so many lanes whose first one has frames.
  private func isView(_ lines: [String], lanes: Int = 2) -> Bool {
    lines.first?.hasPrefix("lane ") == true && lines.count == 2 + lanes
      && lines[1].contains(/^lane-0 +[1-9]/)
  }

  @Test("Columns are apart at any width, and follow the window", arguments: [60, 80, 120, 200])
  func widths(columns: Int) async throws {
    // Slow, so that the run outlasts the test on a busy machine.
    let window = try await TerminalWindow(
      space, columns: columns, running: try command(pace: 0.1))
    for width in [columns, 260 - columns, columns] {
      try await window.resize(columns: width)
      let all = ["lane", "frames", "p50", "p99", "max", "misses", "queue", "load", "output"]
      let lines = try await window.lines { lines in
        guard isView(lines), lines.allSatisfy({ $0.count < width }) else { return false }
        let heading = lines[0].split(separator: " ").map(String.init)
        // A narrow window leaves out figures, more of them where values are long.
        return width >= 80
          ? heading == all
          : heading.count < all.count && Set(heading).isSubset(of: all)
            && Set(heading).isSuperset(of: ["lane", "frames", "p99", "misses", "output"])
      }
      let columns = lines[0].split(separator: " ").count
      let gaps = lines[1].matches(of: /\s{2,}/).count
      #expect(gaps == columns - 1 || lines[1].contains("  - "), "\(lines)")
    }
    try await window.type("C-c")
    let end = try await window.lines { lines in lines.contains { $0.hasPrefix("Stopped: ") } }
    // The table stands where the view was.
    #expect(try await window.history().contains { $0.hasPrefix("frames ") })
    #expect(end.allSatisfy { !$0.contains("left") && !$0.contains("output") }, "\(end)")
    try await window.close()
  }

  @Test("A view is drawn over itself: nothing of it is left to scroll back to")
  func scrolling() async throws {
    let window = try await TerminalWindow(space, columns: 120, running: try command())
    func reaches(_ percent: Int, _ lines: [String]) -> Bool {
      guard isView(lines), let shown = lines[3].firstMatch(of: /(\d+) %,/)?.1 else { return false }
      return Int(shown).map { $0 >= percent } == true
    }
    _ = try await window.lines { reaches(1, $0) }
    _ = try await window.lines { reaches(3, $0) }
    #expect(try await window.history().count { $0.hasPrefix("lane ") } == 1)
    // Wider, there is nothing to wrap.
    try await window.resize(columns: 200)
    _ = try await window.lines { reaches(5, $0) }
    #expect(try await window.history().count { $0.hasPrefix("lane ") } == 1)
    try await window.close()
  }

  @Test("A view that is higher than the window is cut, and counts the lanes that are hidden")
  func height() async throws {
    let window = try await TerminalWindow(
      space, columns: 100, rows: 24, running: try command(lanes: 9))
    _ = try await window.lines { isView($0, lanes: 9) }
    try await window.resize(columns: 100, rows: 7)
    let short = try await window.lines { $0.contains("6 more lanes") }
    #expect(short.count == 6)
    #expect(short[3].hasPrefix("lane-2 "))
    let before = try await window.history().count
    _ = try await window.lines { $0 != short && $0.contains("6 more lanes") }
    #expect(try await window.history().count == before)
    try await window.resize(columns: 100, rows: 24)
    _ = try await window.lines { lines in
      lines.suffix(11).first?.hasPrefix("lane ") == true && lines.last?.contains(" left") == true
    }
    try await window.close()
  }

  @Test("The name of the largest of several outputs is shown")
  func classes() async throws {
    let path = try space.write(SensorText(6_000).csv(), to: "sensors.csv")
    let program = LockstepProcess(arguments: []).program
    let window = try await TerminalWindow(
      space, columns: 120, running: "\(program) replay \(path) --pace 1")
    let lines = try await window.lines { $0.count == 4 && $0[1].contains(/\s\w+ \d\.\d\d/) }
    #expect(lines[0].hasSuffix("  output"))
    try await window.close()
  }

  @Test("A live input that falls silent is said to be")
  func silence() async throws {
    let second = try space.write(Sound.bytes(Sound.samples(16_000)), to: "second")
    let program = LockstepProcess(arguments: []).program
    let window = try await TerminalWindow(
      space, columns: 100,
      running: "(cat \(second); sleep 600) | \(program) live - --format s16le --rate 16000 "
        + "--model \(space.model("speech-lstm"))")
    let lines = try await window.lines { $0.contains { $0.hasPrefix("no input for ") } }
    #expect(lines.contains { $0.contains(/^no input for \d+(\.\d)? s$/) })
    try await window.close()
  }
}
