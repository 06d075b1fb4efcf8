#if canImport(CALSA)
  import Foundation
  import TestDevices
  import Testing

  @testable import StreamIO

  @Suite struct ALSAPulseTests {
    @Test func whatIsPlayedIsCaptured() throws {
      let server = try PulseServer()
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
  }
#endif
