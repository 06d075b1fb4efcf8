#if canImport(CALSA)
  import Foundation
  import Testing

  @testable import StreamIO

  @Suite struct ALSAPulseTests {
    @Test func whatIsPlayedIsCaptured() throws {
      let server = try ALSAPulseServer()
      PacedDevice.register
      let source = try ALSAOptions(device: server.device, rate: 16_000).open()
      #expect(source.sampleRate == 16_000)
      // Its volume is 1, its rate and format are the recording's: nothing is changed on the way.
      let recording = PacedDevice.noise(16_000)
      let player = try server.play(recording)
      let expected = recording[4_000..<8_000].map { Float($0) / 32_768 }
      let capture = ALSACapture(source, until: 64_000)
      player.wait()
      #expect(capture.error == nil)
      let start = capture.samples.indices.first { index in
        capture.samples[index] == expected[0]
          && capture.samples[index...].starts(with: expected)
      }
      #expect(start != nil)
      let instants = capture.pieces.map(\.instant)
      #expect(instants == instants.sorted())
    }

    @Test func aServerThatIsKilledEndsTheRunWithAllThatWasCaptured() throws {
      let server = try ALSAPulseServer()
      let run = try ALSALockstep(["live", "--device", server.device])
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
      let run = try ALSALockstep(["live", "--device", "pulse_monitor:SERVER=unix:/nowhere"])
      let name = "pulse_monitor:SERVER=unix:/nowhere"
      #expect(
        run.program.errors
          == "Error: device \(name): its sound server does not answer: Connection refused\n")
      #expect(run.program.exitCode == 69)
    }
  }
#endif
