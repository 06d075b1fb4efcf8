#if canImport(CALSA)
  import Foundation
  import Testing

  @Suite struct ALSARecorderTests {
    /// `arecord` on a device, into a pipe.
    func arecord(_ device: PacedDevice, _ more: [String], into pipe: Pipe) throws -> Process {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/arecord")
      process.arguments =
        ["-q", "-D", device.name, "-f", "S16_LE", "-r", "16000", "-c", "1", "-t", "raw"] + more
      process.environment = ProcessInfo.processInfo.environment
        .merging(PacedDevice.environment) { $1 }
      process.standardOutput = pipe
      process.standardError = FileHandle.nullDevice
      try process.run()
      return process
    }

    /// Who is stopped, for how long, and with which buffers arecord runs.
    enum Stop: CaseIterable {
      case nobody, lockstep, recorder

      var seconds: Double { self == .recorder ? 0.3 : 0.5 }
      var arguments: [String] {
        self == .nobody ? [] : ["--buffer-time=2000000", "--period-size=160"]
      }
    }

    @Test(arguments: Stop.allCases)
    func nothingIsLostOrCountedTwiceBehindARecorder(stop: Stop) throws {
      let device = try PacedDevice(recording: PacedDevice.noise(64_000))
      let pipe = Pipe()
      let recorder = try arecord(device, stop.arguments, into: pipe)
      let run = try ALSALockstep(
        ["live", "-", "--format", "s16le", "--rate", "16000"], input: pipe)
      try pipe.fileHandleForReading.close()
      try pipe.fileHandleForWriting.close()
      Thread.sleep(forTimeInterval: 2)
      let stopped = stop == .lockstep ? run.process : recorder
      if stop != .nobody { kill(stopped.processIdentifier, SIGSTOP) }
      Thread.sleep(forTimeInterval: stop.seconds)
      if stop != .nobody { kill(stopped.processIdentifier, SIGCONT) }
      #expect(run.finish() == "")
      recorder.waitUntilExit()
      #expect(run.process.terminationStatus == 0)

      let summary = try run.summary()
      #expect(try device.truth().parts == [0..<64_000])
      #expect(summary.input.received == 64_000)
      #expect(summary.input.gaps.isEmpty)
      let replay = try ALSALockstep.replay(device.recording)
      for lane in ALSALockstep.lanes {
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
