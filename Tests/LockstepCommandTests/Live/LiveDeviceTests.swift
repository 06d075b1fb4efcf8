#if canImport(CALSA)
  import Foundation
  import StreamIO
  import TestDevices
  import Testing

  @Suite struct LiveDeviceTests {
    func live(_ device: String, _ more: String...) throws -> TwoLaneRun {
      try TwoLaneRun(["live", "--device", device] + more)
    }

    /// All that was received is in the lanes' books, and the frames are as many as the time allows.
    func checkBooks(_ run: TwoLaneRun) throws {
      let summary = try run.summary()
      for lane in summary.lanes {
        #expect(lane.overrun == 0)
        #expect(lane.consumed + lane.tail == summary.input.received)
        #expect(lane.frames == summary.expectedFrames)
        #expect(try run.outputs(of: lane.name).count == lane.frames)
      }
    }

    @Test func aLiveCaptureEqualsTheReplayOfItsSamples() throws {
      let device = try PacedDevice(recording: PacedDevice.noise(40_000))
      let run = try live(device.name)
      #expect(run.program.exitCode == 69)
      #expect(
        run.program.errors
          == "Error: device \(device.name): has gone (No such device) and did not come back within "
          + "2 s\n")
      let summary = try run.summary()
      #expect(summary.input.received == 40_000)
      #expect(summary.input.gaps.isEmpty)
      try checkBooks(run)
      let replay = try TwoLaneRun.replay(device.recording)
      for lane in TwoLaneRun.lanes {
        let expected = try replay.outputs(of: lane)
        #expect(expected.count == 248)
        #expect(firstDifference(try run.outputs(of: lane), expected) == nil)
      }
    }

    @Test(arguments: [false, true])
    func aCaptureAtAnotherRateEqualsTheReplayOfItsSamples(isStopped: Bool) throws {
      // Behind plug, whose converter would change the numbers.
      let device = try PacedDevice(
        "paced_plug", recording: PacedDevice.noise(96_000), rate: 48_000)
      let run = try live(device.name)
      if isStopped {
        Thread.sleep(forTimeInterval: 1.2)
        run.program.pause(seconds: 0.4)
      }
      #expect(run.program.exitCode == 69)
      let summary = try run.summary()
      #expect(summary.input.received == 96_000)
      #expect(summary.input.rate == 48_000)
      #expect(summary.input.gaps.isEmpty)
      let replay = try TwoLaneRun.replay(device.recording, rate: 48_000)
      for lane in TwoLaneRun.lanes {
        let expected = try replay.outputs(of: lane)
        #expect(expected.count > 190)
        #expect(firstDifference(try run.outputs(of: lane), expected) == nil)
      }
    }

    @Test func anInterruptedCaptureEqualsTheReplayOfWhatItReceived() throws {
      let device = try PacedDevice(recording: PacedDevice.noise(160_000))
      let run = try live(device.name)
      Thread.sleep(forTimeInterval: 2.5)
      run.program.kill(SIGINT)
      run.program.wait()
      #expect(run.program.exitCode == 130)
      let received = try run.summary().input.received
      #expect(received >= 8_000)
      #expect(try device.truth().parts == [0..<received])
      let replay = try TwoLaneRun.replay(device.recording[..<received])
      for lane in TwoLaneRun.lanes {
        #expect(firstDifference(try run.outputs(of: lane), try replay.outputs(of: lane)) == nil)
      }
    }

    @Test func overrunsAreGapsInTheBooksOfEveryLane() throws {
      let device = try PacedDevice(
        recording: PacedDevice.noise(64_000),
        arguments: "FAULTS='xrun@16000+8000 xrun@32000+20000'")
      let run = try live(device.name)
      run.program.wait()
      let summary = try run.summary()
      let truth = try device.truth()
      #expect(summary.input.received == truth.received)
      #expect(summary.input.gaps.count == 2)
      #expect(truth.losses.count == 2)
      for (gap, loss) in zip(summary.input.gaps, truth.losses) {
        #expect(abs(gap.length - loss) <= 16)
      }
      #expect(summary.input.gaps.first?.position == truth.parts.first?.count)
      #expect(try run.gapsInLog() == summary.input.gaps)
      for lane in summary.lanes {
        #expect(lane.consumed + lane.tail == truth.received)
        // The second gap is longer than a second: frames begin anew after it.
        #expect(lane.frames < summary.expectedFrames)
      }
      // Frames of lost samples count from when those would have come.
      for lane in TwoLaneRun.lanes {
        let responses = try run.responses(of: lane)
        #expect(try #require(responses.prefix(160).max()) >= 400_000_000)
      }
      // Until the first gap nothing differs from a recording.
      let before = try #require(truth.parts.first).count
      let replay = try TwoLaneRun.replay(device.recording[..<before])
      for lane in TwoLaneRun.lanes {
        let expected = try replay.outputs(of: lane).dropLast(4)
        #expect(firstDifference(try run.outputs(of: lane).prefix(expected.count), expected) == nil)
      }
    }

    @Test func anInterruptedAbsenceIsAGapUpToTheInterruption() throws {
      let device = try PacedDevice(recording: PacedDevice.noise(8_000))
      let run = try live(device.name, "--reconnect")
      device.waitUntilRead()
      Thread.sleep(forTimeInterval: 1.5)
      let interruption = MonotonicClock.now()
      run.program.kill(SIGINT)
      #expect(run.program.exitCode == 130)
      let end = MonotonicClock.now()
      #expect(
        run.program.errors.hasPrefix(
          "Warning: device \(device.name): has gone (No such device); waiting for its return\n"
            + "Stopped: interrupted by SIGINT after "))
      let summary = try run.summary()
      #expect(summary.input.received == 8_000)
      let gap = try #require(summary.input.gaps.first)
      #expect(summary.input.gaps.count == 1)
      #expect(gap.position == 8_000)
      let t0 = try device.truth().t0
      let samples = { (instant: Int64) in Int((instant - t0) * 16 / 1_000_000) - 8_000 }
      #expect((samples(interruption) - 16...samples(end)).contains(gap.length))
      #expect(try run.gapsInLog() == summary.input.gaps)
      for lane in summary.lanes { #expect(lane.consumed + lane.tail == 8_000) }
    }

    @Test(arguments: [SIGINT, SIGKILL])
    func aCaptureThatGoesOnListsTheTimeBetween(end: Int32) throws {
      let device = try PacedDevice(recording: PacedDevice.noise(160_000))
      let state = device.path("state")
      let command = [
        "live", "--device", device.name, "--snapshot", state, "--resume", state,
        "--snapshot-every", "300ms",
      ]
      let first = try TwoLaneRun(command)
      Thread.sleep(forTimeInterval: 2.5)
      first.program.kill(end)
      first.program.wait()
      #expect(FileManager.default.fileExists(atPath: state))
      let second = try TwoLaneRun(command, after: first)
      Thread.sleep(forTimeInterval: 2.5)
      second.program.kill(SIGINT)
      #expect(second.program.exitCode == 130, "\(second.program.errors)")
      // A device that was not closed has no end of its part in the journal.
      let truth = try device.truth()
      let part = try #require(truth.parts.last)
      let summary = try second.summary()
      let gap = try #require(summary.input.gaps.first)
      #expect(summary.input.gaps.count == 1)
      if end == SIGINT { #expect(gap.position == truth.parts.first?.count) }
      #expect(gap.position > 4_800)
      // By the clock of the day, and to a read of the device, which a busy machine may bring late: 50 ms.
      #expect(abs(gap.position + gap.length - part.lowerBound) <= 800)
      #expect(summary.input.received == gap.position + part.count)
      #expect(try second.gapsInLog() == summary.input.gaps)
      let replay = try TwoLaneRun.replay(device.recording[..<gap.position])
      for lane in summary.lanes {
        #expect(lane.consumed + lane.tail == summary.input.received)
        // A chunk that is open at the gap ends behind it.
        let expected = try replay.outputs(of: lane.name).dropLast(4)
        let outputs = try second.outputs(of: lane.name)
        #expect(outputs.count == lane.frames)
        #expect(firstDifference(outputs.prefix(expected.count), expected) == nil)
      }
    }

    @Test func aStoppedProgramLosesNothingAndCatchesUp() throws {
      let device = try PacedDevice(recording: PacedDevice.noise(64_000))
      let run = try live(device.name)
      Thread.sleep(forTimeInterval: 2)
      run.program.pause(seconds: 0.5)
      run.program.wait()
      let summary = try run.summary()
      #expect(summary.input.received == 64_000)
      #expect(summary.input.gaps.isEmpty)
      try checkBooks(run)
      for lane in TwoLaneRun.lanes {
        let responses = try run.responses(of: lane)
        let worst = try #require(responses.dropLast(4).max())
        #expect(worst >= 450_000_000)
        let last = try #require(responses.dropLast(4).suffix(50).min())
        #expect(last < worst / 2)
      }
    }

    @Test func aDeviceThatIsMissingOrBusyIsSaidInOneLine() throws {
      let missing = try live("nobody")
      #expect(
        missing.program.errors
          == "Error: device nobody: there is no such capture device; lockstep devices lists what "
          + "there is\n")
      #expect(missing.program.exitCode == 66)

      let device = try PacedDevice(recording: PacedDevice.noise(160_000))
      let first = try live(device.name)
      Thread.sleep(forTimeInterval: 1.5)
      let second = try live(device.name)
      #expect(
        second.program.errors == "Error: device \(device.name): is busy: another program has it\n")
      #expect(second.program.exitCode == 69)
      first.program.kill(SIGTERM)
      #expect(first.program.exitCode == 143)
    }

    @Test func aServerThatIsKilledEndsTheRunWithAllThatWasCaptured() throws {
      let server = try PulseServer()
      let run = try TwoLaneRun(["live", "--device", server.device])
      Thread.sleep(forTimeInterval: 3)
      server.kill()
      #expect(run.program.exitCode == 69)
      let lines = run.program.errors.split(separator: "\n")
      #expect(lines.count == 1)
      #expect(lines.first?.hasPrefix("Error: device \(server.device): has gone (") == true)
      #expect(lines.first?.hasSuffix(") and did not come back within 2 s") == true)
      let summary = try run.summary()
      #expect(summary.input.received >= 8_000)
      for lane in summary.lanes {
        #expect(lane.consumed + lane.tail == summary.input.received)
        #expect(lane.frames == summary.expectedFrames)
        #expect(try run.outputs(of: lane.name).count == lane.frames)
      }
    }

    @Test func aServerThatIsNotThereIsSaidInOneLine() throws {
      let run = try TwoLaneRun(["live", "--device", "pulse_monitor:SERVER=unix:/nowhere"])
      let name = "pulse_monitor:SERVER=unix:/nowhere"
      #expect(
        run.program.errors
          == "Error: device \(name): its sound server does not answer: Connection refused\n")
      #expect(run.program.exitCode == 69)
    }

    @Test(arguments: [
      (["live"], "expected --device NAME, or - for a pipe"),
      (["live", "-", "--device", "x"], "-: expected either it or --device"),
      (
        ["live", "--device", ""],
        "--device: the name is empty, expected one as lockstep devices lists them"
      ),
      (
        ["live", "x.wav"],
        "x.wav: expected - for a pipe, or --device NAME; for a recording use lockstep replay"
      ),
      (
        ["live", "-", "--reconnect"],
        "--reconnect: expected --device; a pipe does not return"
      ),
      (
        ["live", "--device", "x", "--format", "wav"],
        "--format: a device has none, expected it with - only"
      ),
    ])
    func inputsThatMakeNoSenseAreUsageErrors(arguments: [String], sentence: String) throws {
      let run = try TwoLaneRun(arguments)
      #expect(run.program.errors == "Error: \(sentence)\n")
      #expect(run.program.exitCode == 64)
    }
  }
#endif
