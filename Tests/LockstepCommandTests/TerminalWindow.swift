import Foundation
import Testing

/// A window of tmux, in which a command runs as in any terminal: it wraps, scrolls and changes its size.
final class TerminalWindow {
  /// Seconds that a busy machine may take until the window shows something.
  private static let patience = 60.0
  private let socket = "lockstep-\(UUID().uuidString)"
  private let space: Workspace

  init(_ space: Workspace, columns: Int, rows: Int = 24, running command: String) async throws {
    self.space = space
    let models = "export LOCKSTEP_MODELS=\(space.path("models"))"
    try await tmux([
      "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)",
      "\(models); \(command); sleep 600",
    ])
  }

  /// Changes the window's size while the command runs.
  func resize(columns: Int, rows: Int = 24) async throws {
    try await tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
  }

  /// Types a key, such as `C-c`.
  func type(_ key: String) async throws { try await tmux(["send-keys", key]) }

  /// The lines that are seen, without empty ones at the end.
  func lines() async throws -> [String] { Self.lines(try await tmux(["capture-pane", "-p"])) }

  /// The same with those that one can scroll back to.
  func history() async throws -> [String] {
    Self.lines(try await tmux(["capture-pane", "-p", "-S", "-"]))
  }

  /// The lines as soon as they are as they should be, or what they are when patience ends.
  func lines(
    when areRight: ([String]) -> Bool, _ location: SourceLocation = #_sourceLocation
  ) async throws -> [String] {
    let limit = Date().addingTimeInterval(Self.patience)
    while true {
      let lines = try await lines()
      if areRight(lines) { return lines }
      guard Date() < limit else {
        Issue.record("the window shows: \(lines)", sourceLocation: location)
        return lines
      }
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  func close() async throws { try await tmux(["kill-server"]) }

  private static func lines(_ text: String) -> [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return Array(lines.reversed().drop { $0.isEmpty }.reversed())
  }

  @discardableResult
  private func tmux(_ arguments: [String]) async throws -> String {
    var process = space.lockstep(["-L", socket, "-f", "/dev/null", "-u"] + arguments)
    process.program = "/usr/bin/tmux"
    process.waitsForClock = true
    let result = try await process.run()
    try #require(result.exitCode == 0, "scripts/setup --tests installs tmux: \(result.errors)")
    return result.outputText
  }
}
