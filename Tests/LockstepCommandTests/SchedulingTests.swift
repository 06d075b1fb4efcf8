import Foundation
import Testing

/// `--realtime`, where it is permitted and where it is not.
@Suite("Contract: real-time scheduling")
struct SchedulingTests {
  let space: Workspace
  private static let warning =
    "Warning: real-time scheduling is not permitted here (it needs CAP_SYS_NICE and CAP_IPC_LOCK, "
    + "or limits on rtprio and memlock): going on with normal scheduling\n"

  init() throws { space = try Workspace() }

  private func run(_ pace: String, launcher: [String] = []) async throws -> (ProcessResult, String)
  {
    let path = try space.write(Sound.wav(Sound.samples(16_000)), to: "speech.wav")
    var process = space.lockstep(
      ["replay", path, "--pace", pace, "--realtime"] + RunReport.options(space))
    process.waitsForClock = true
    process.launcher = launcher
    let result = try await process.run()
    #expect(result.exitCode == 0, "\(result.errors)")
    let report = try RunReport(space)
    try report.expectSound(
      clock: pace == "max" ? "virtual" : "monotonic", received: 16_000)
    return (result, try report.summary.object("machine").text("scheduler_policy"))
  }

  @Test("The summary names the policy that the threads got", arguments: ["realtime", "max"])
  func policy(pace: String) async throws {
    let (result, policy) = try await run(pace)
    #expect(["fifo", "other"].contains(policy))
    #expect(result.errors == (policy == "fifo" ? "" : Self.warning))
  }

  @Test(
    "Without the right, one sentence and normal scheduling", .enabled(if: geteuid() == 0),
    arguments: ["realtime", "max"])
  func notPermitted(pace: String) async throws {
    let (result, policy) = try await run(
      pace,
      launcher: [
        "/usr/bin/setpriv", "--bounding-set=-sys_nice,-ipc_lock", "--inh-caps=-all",
      ])
    #expect(policy == "other")
    #expect(result.errors == Self.warning)
  }
}
