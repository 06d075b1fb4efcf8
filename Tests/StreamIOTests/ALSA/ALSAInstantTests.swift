#if canImport(CALSA)
  import Foundation
  import TestDevices
  import Testing

  @testable import StreamIO

  @Suite struct ALSAInstantTests {
    /// How many ns after their true capture the newest samples of a capture are said to be captured.
    func errors(_ capture: ALSACapture, _ device: PacedDevice) throws -> [Int64] {
      let t0 = try device.truth().t0
      return capture.pieces.map { piece in
        piece.instant - t0 - Int64(piece.newest + 1) * 1_000_000_000 / Int64(device.rate)
      }
    }

    @Test(arguments: ["no", "yes"])
    func instantsAreThoseOfCaptureHoweverLateTheReader(coarse: String) throws {
      let device = try PacedDevice(
        recording: PacedDevice.noise(40_000), arguments: "COARSE=\(coarse)")
      var hasSlept = false
      let capture = ALSACapture(
        try ALSAOptions(device: device.name, rate: 16_000).open(), until: 32_000
      ) {
        if !hasSlept, $0.position > 16_000 {
          hasSlept = true
          Thread.sleep(forTimeInterval: 0.4)
        }
      }
      let instants = capture.pieces.map(\.instant)
      #expect(instants == instants.sorted())
      #expect(zip(instants, capture.pieces).allSatisfy { $0 <= $1.received })
      let errors = try errors(capture, device)
      // Some are stamped while this thread waits for the processor; the device never errs early.
      #expect(errors.allSatisfy { $0 >= -1_000_000 })
      #expect(errors.count { $0 <= 3_000_000 } * 20 >= errors.count * 19)
      // The stall is visible: what was read first after it had waited for most of it.
      let waits = capture.pieces.map { $0.received - $0.instant }
      #expect(waits.contains { $0 >= 250_000_000 })
    }
  }

  @Suite struct ALSACaptureClockTests {
    /// Feeds a clock with answers of a device whose own clock runs fast by `drift` millionths, each up
    /// to 5 ms late; returns how much later than the truth it says that samples were captured.
    func errors(drift: Double, seconds: Int = 20) throws -> [Double] {
      var clock = ALSACaptureClock(rate: 16_000)
      var state: UInt64 = 7
      var errors: [Double] = []
      for tick in 1...(seconds * 400) {
        let position = UInt64(tick * 40)
        let truth = 1e12 + Double(position) / 16_000 / (1 + drift / 1e6) * 1e9
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let late = Double(state >> 33) / Double(1 << 31) * 5e6
        clock.observe(position: position, instant: Int64(truth + late))
        let instant = try #require(clock.instant(of: position - 1))
        if tick > 400 { errors.append(Double(instant) - truth) }
      }
      return errors
    }

    @Test(arguments: [-200.0, -50, 0, 50, 200])
    func lateAnswersAndADriftingClockDoNotMoveTheInstants(drift: Double) throws {
      let errors = try errors(drift: drift)
      #expect(errors.allSatisfy { $0 > -0.3e6 && $0 < 0.5e6 })
    }

    @Test func positionsAndInstantsAgree() throws {
      var clock = ALSACaptureClock(rate: 44_100)
      #expect(clock.instant(of: 0) == nil)
      #expect(clock.position(at: 5) == nil)
      clock.observe(position: 441, instant: 2_000_000_000)
      #expect(clock.instant(of: 440) == 2_000_000_000)
      #expect(clock.position(at: 2_000_000_000) == 441)
      #expect(clock.position(at: 3_000_000_000) == 441 + 44_100)
      // Months later.
      let far: UInt64 = 44_100 * 86_400 * 200
      let instant = try #require(clock.instant(of: far - 1))
      #expect(clock.position(at: instant) == far)
      #expect(clock.position(at: instant - 1) == far - 1)
    }

    @Test func aStartForgetsWhatWasBefore() throws {
      var clock = ALSACaptureClock(rate: 1_000)
      clock.observe(position: 0, instant: 1_000_000_000)
      clock.restart()
      #expect(clock.instant(of: 0) == nil)
      clock.observe(position: 0, instant: 1_100_000_000)
      #expect(clock.instant(of: 0) == 1_101_000_000)
    }
  }
#endif
