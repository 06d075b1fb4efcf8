#if canImport(CALSA)
  import Foundation
  import Synchronization
  import TestDevices
  import Testing

  @testable import StreamIO

  @Suite struct ALSALossTests {
    /// Reads to the end and closes the device.
    func capture(
      _ device: PacedDevice, reconnects: Bool = false, observe: (ALSACapture) -> Void = { _ in }
    ) throws -> ALSACapture {
      let source = try ALSAOptions(device: device.name, rate: device.rate, reconnects: reconnects)
        .open()
      return ALSACapture(source, observe: observe)
    }

    @Test(arguments: [16_000, 44_100])
    func forcedOverrunsAreGapsOfTheirTrueLength(rate: Int) throws {
      let device = try PacedDevice(
        recording: PacedDevice.noise(rate * 2), rate: rate,
        arguments:
          "FAULTS='xrun@\(rate / 2) xrun@\(rate)+\(rate / 5) xrun@\(rate * 3 / 2)+\(rate / 4)'")
      #expect(try capture(device).expectTruth(of: device).count >= 3)
    }

    @Test(arguments: ["no", "yes"])
    func aReaderThatStallsOverrunsTheDevice(coarse: String) throws {
      let device = try PacedDevice(
        recording: PacedDevice.noise(48_000), arguments: "COARSE=\(coarse)")
      var hasSlept = false
      let capture = try capture(device) {
        if !hasSlept, $0.position > 8_000 {
          hasSlept = true
          Thread.sleep(forTimeInterval: 1.3)
        }
      }
      let losses = try capture.expectTruth(of: device)
      // All that waited when the buffer was full.
      #expect(losses.contains { $0 >= 20_000 })
    }

    @Test func aSleepOfTheMachineIsRecoveredFrom() throws {
      let device = try PacedDevice(
        recording: PacedDevice.noise(32_000), arguments: "FAULTS='suspend@8000 suspend@16000'")
      let capture = try capture(device)
      let truth = try device.truth()
      #expect(truth.parts.count == 3)
      #expect(firstDifference(capture.samples, device.captured(truth)) == nil)
      #expect(abs(capture.position - 32_000) <= 32)
    }

    @Test(arguments: ["", "FAULTS='suspend@8000'"])
    func theTimeAsleepIsPartOfTheGap(fault: String) throws {
      // The tests' machine does not sleep: only its clocks say so, from the sample on, or from when the
      // device was found suspended, which is a read that brings nothing.
      let device = try PacedDevice(recording: PacedDevice.noise(16_000), arguments: fault)
      PacedDevice.register
      let sleep = Mutex<Int64>(5_000_000_000)
      let source = try ALSASource(ALSAOptions(device: device.name, rate: 16_000)) {
        sleep.withLock { $0 }
      }
      var last = 0
      let capture = ALSACapture(source) { capture in
        defer { last = capture.position }
        guard fault.isEmpty ? capture.position >= 8_000 : capture.position == last else { return }
        sleep.withLock { $0 = 8_000_000_000 }
      }
      let truth = try device.truth()
      #expect(firstDifference(capture.samples, device.captured(truth)) == nil)
      let gap = try #require(capture.gaps.first)
      #expect(capture.gaps.count == 1)
      #expect(abs(capture.position - (16_000 + 48_000)) <= 16)
      #expect(abs(gap.length - (48_000 + truth.losses.reduce(0, +))) <= 16)
    }

    @Test func aDeviceThatHasGoneIsTriedForTwoSeconds() throws {
      let device = try PacedDevice(recording: PacedDevice.noise(8_000))
      let capture = try capture(device)
      #expect(capture.samples.count == 8_000)
      #expect(capture.gaps.isEmpty)
      #expect(
        capture.error
          == SourceError(
            .deviceGone,
            "device \(device.name): has gone (No such device) and did not come back within 2 s"))
      let newest = try #require(capture.pieces.last)
      #expect(MonotonicClock.now() - newest.instant >= 2_000_000_000)
    }

    @Test(arguments: [(16_000, false), (40_000, true)])
    func anAbsenceIsAGapOfItsTrueLength(samples: Int, reconnects: Bool) throws {
      let device = try PacedDevice(
        recording: PacedDevice.noise(8_000 + samples + 8_000),
        arguments: "FAULTS='gone@8000+\(samples)'")
      let source = try ALSAOptions(device: device.name, rate: 16_000, reconnects: reconnects)
        .open()
      let capture = ALSACapture(source, until: 12_000)
      #expect(capture.error == nil)
      let gap = try #require(capture.gaps.first)
      #expect(gap.position == 8_000)
      let truth = try device.truth()
      #expect(truth.parts.first == 0..<8_000)
      let first = truth.newestStart
      #expect(abs(gap.length - (first - 8_000)) <= 16)
      let back = device.recording[first..<(first + capture.samples.count - 8_000)]
      #expect(firstDifference(capture.samples[8_000...], back.map { Float($0) / 32_768 }) == nil)
    }
  }
#endif
