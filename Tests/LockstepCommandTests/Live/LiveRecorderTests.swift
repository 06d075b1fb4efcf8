#if canImport(CALSA)
  import Foundation
  import TestDevices
  import Testing

  @Suite struct LiveRecorderTests {
    /// `arecord` on a device, into a pipe.
    func arecord(_ device: PacedDevice, _ more: [String], into pipe: Int32) throws
      -> SpawnedProgram
    {
      try SpawnedProgram(
        "/usr/bin/arecord",
        ["-q", "-D", device.name, "-f", "S16_LE", "-r", "16000", "-c", "1", "-t", "raw"] + more,
        environment: PacedDevice.environment, output: pipe)
    }

    /// Who is stopped, for how long, and with which buffers arecord runs.
    enum Stop: CaseIterable {
      case nobody, lockstep, recorder

      var arguments: [String] {
        self == .nobody ? [] : ["--buffer-time=2000000", "--period-size=160"]
      }
    }

    @Test(arguments: Stop.allCases)
    func nothingIsLostOrCountedTwiceBehindARecorder(stop: Stop) throws {
      let device = try PacedDevice(recording: PacedDevice.noise(64_000))
      var ends: [Int32] = [0, 0]
      #expect(unsafe pipe(&ends) == 0)
      let recorder = try arecord(device, stop.arguments, into: ends[1])
      let run = try TwoLaneRun(
        ["live", "-", "--format", "s16le", "--rate", "16000"], input: ends[0])
      for end in ends { close(end) }
      Thread.sleep(forTimeInterval: 2)
      switch stop {
      case .nobody: break
      case .lockstep: run.program.pause(seconds: 0.5)
      case .recorder: recorder.pause(seconds: 0.3)
      }
      #expect(run.program.errors == "")
      #expect(run.program.exitCode == 0)
      recorder.wait()

      let summary = try run.summary()
      #expect(try device.truth().parts == [0..<64_000])
      #expect(summary.input.received == 64_000)
      #expect(summary.input.gaps.isEmpty)
      let replay = try TwoLaneRun.replay(device.recording)
      for lane in TwoLaneRun.lanes {
        #expect(firstDifference(try run.outputs(of: lane), try replay.outputs(of: lane)) == nil)
        let responses = try run.responses(of: lane).dropLast(4)
        #expect(responses.count == 394)
        guard stop == .lockstep else { continue }
        let worst = try #require(responses.max())
        #expect(worst >= 450_000_000)
        #expect(try #require(responses.suffix(50).min()) < worst / 2)
      }
      for lane in summary.lanes { #expect(lane.consumed + lane.tail == 64_000) }
    }
  }
#endif
