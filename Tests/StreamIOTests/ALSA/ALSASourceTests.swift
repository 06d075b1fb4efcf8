#if canImport(CALSA)
  import Foundation
  import TestDevices
  import Testing

  @testable import StreamIO

  @Suite struct ALSASourceTests {
    /// A recording as a device of the format has it.
    func bytes(_ samples: [Int16], _ format: String) -> [UInt8] {
      samples.flatMap { sample in
        switch format {
        case "S32_LE": SoundBytes.littleEndian(Int32(sample) << 16)
        case "S24_3LE": [0] + SoundBytes.littleEndian(sample)
        case "FLOAT_LE": SoundBytes.littleEndian((Float(sample) / 32_768).bitPattern)
        default: SoundBytes.littleEndian(sample)
        }
      }
    }

    @Test(arguments: ["S16_LE", "S24_3LE", "S32_LE", "FLOAT_LE"], [1, 2])
    func everyFormatDeliversTheRecordingToTheSample(format: String, channels: Int) throws {
      let samples = PacedDevice.noise(8_000 * channels)
      let device = try PacedDevice(
        recording: samples, bytes: bytes(samples, format),
        arguments: "FORMAT=\(format),CHANNELS=\(channels)")
      let source = try ALSAOptions(device: device.name, rate: 16_000).open()
      #expect(source.sampleRate == 16_000)
      #expect(source.channelCount == channels)
      let capture = ALSACapture(source, until: 8_000)
      #expect(capture.gaps.isEmpty)
      #expect(firstDifference(capture.samples, samples.map { Float($0) / 32_768 }) == nil)
    }

    @Test(arguments: [false, true])
    func aDeviceOfAnotherRateIsNotConverted(isReaderLate: Bool) throws {
      // Behind plug, which would convert if it were let.
      let device = try PacedDevice(
        "paced_plug", recording: PacedDevice.noise(48_000), rate: 48_000)
      var mustSleep = isReaderLate
      func capture() throws -> ALSACapture {
        let source = try ALSAOptions(device: device.name, rate: 16_000).open()
        #expect(source.sampleRate == 48_000)
        return ALSACapture(source) {
          guard mustSleep, $0.position > 12_000 else { return }
          mustSleep = false
          Thread.sleep(forTimeInterval: 0.4)
        }
      }
      try capture().expectTruth(of: device)
    }

    @Test func theLibrarysOwnRateConversionIsReadInRealTime() throws {
      let device = try PacedDevice(
        "paced_rate", recording: [Int16](repeating: 8_192, count: 48_000), rate: 48_000)
      let source = try ALSAOptions(device: device.name, rate: 16_000).open()
      #expect(source.sampleRate == 16_000)
      let capture = ALSACapture(source, until: 15_000)
      #expect(capture.gaps.isEmpty)
      #expect(capture.samples.dropFirst(100).allSatisfy { abs($0 - 0.25) < 0.001 })
      #expect(capture.pieces.map(\.instant) == capture.pieces.map(\.instant).sorted())
    }

    @Test func aPeriodIsAQuarterOfTheHopAndTheBufferASecond() throws {
      let device = try PacedDevice(recording: PacedDevice.noise(16_000))
      PacedDevice.register
      let handle = try ALSAHandle(ALSAOptions(device: device.name, rate: 16_000, hop: 0.01))
      #expect(handle.configuration.period == 40)
      #expect(handle.configuration.buffer == 16_000)
    }

    @Test func aDeviceThatIsNotThereIsMissingInput() throws {
      PacedDevice.register
      #expect(
        throws: SourceError(
          .missingInput,
          "device nobody: there is no such capture device; lockstep devices lists what there is")
      ) { try ALSAOptions(device: "nobody", rate: 16_000).open() }
    }

    @Test func aBusyDeviceSaysSo() throws {
      let device = try PacedDevice(recording: PacedDevice.noise(1_000))
      let options = ALSAOptions(device: device.name, rate: 16_000)
      let first = try options.open()
      #expect(
        throws: SourceError(
          .deviceGone, "device \(device.name): is busy: another program has it")
      ) { try options.open() }
      withExtendedLifetime(first) {}
    }

    @Test func aFloatThatIsNotFiniteStopsTheReadingThere() throws {
      var bits = [UInt32](repeating: Float(0.5).bitPattern, count: 8_000)
      bits[5_000] = Float.nan.bitPattern
      let device = try PacedDevice(
        recording: [], bytes: bits.flatMap { SoundBytes.littleEndian($0) },
        arguments: "FORMAT=FLOAT_LE")
      let capture = ALSACapture(try ALSAOptions(device: device.name, rate: 16_000).open())
      #expect(capture.samples.count == 5_000)
      #expect(
        capture.error
          == SourceError(
            .badData, "device \(device.name): sample 5000 is nan, expected a finite number"))
    }

    @Test func noListedDeviceYieldsNothing() {
      PacedDevice.register
      #expect(!ALSADevice.all().contains { $0.name == "null" })
    }
  }
#endif
