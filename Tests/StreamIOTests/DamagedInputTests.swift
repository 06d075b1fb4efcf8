import TestDevices
import Testing

@testable import StreamIO

/// Whatever bytes come, there is an end or an error, never a crash, and no value that is not finite.
@Suite struct DamagedInputTests {
  static let originals: [SourceFormat: [UInt8]] = [
    .sound: SoundBytes.wav(SoundBytes.tone(60), channels: 2, junk: true),
    .csv: Array("time,a,\"b\"\n0,1e-5,2\n0.02,-3.25,\"4\"\n0.1,5,6\n0.12,7,8\n".utf8),
    .ndjson: Array("{\"time\":0,\"values\":[1,2e3]}\n{\"time\":0.5,\"values\":[-0.1,4]}\n".utf8),
    .raw(.f32le): (0..<40).flatMap { SoundBytes.littleEndian((Float($0) / 8).bitPattern) },
  ]

  @Test(arguments: [SourceFormat.sound, .csv, .ndjson, .raw(.f32le)])
  func everyDamageEndsInOrder(format: SourceFormat) throws {
    let original = try #require(DamagedInputTests.originals[format])
    var state: UInt64 = 42
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let marks: [UInt8] = Array("\",\n\r{}[]:e.-+ 0919\0ntime".utf8) + [0xFF, 0x80, 0x7F]
    var errors = 0
    for _ in 0..<400 {
      var bytes = original
      for _ in 0...random(4) {
        let place = random(bytes.count)
        switch random(4) {
        case 0: bytes[place] = UInt8(random(256))
        case 1: bytes[place] = marks[random(marks.count)]
        case 2: bytes.insert(marks[random(marks.count)], at: place)
        default: bytes.removeSubrange(place..<min(bytes.count, place + random(8)))
        }
        if bytes.isEmpty { bytes = [0] }
      }
      let file = try ScratchFile(bytes, suffix: ".\(format.title)")
      do throws(SourceError) {
        let source = try SourceOptions(format: format, rate: 50).open(file.path)
        let drained = Drained(source, room: 3)
        let areFinite = drained.samples.allSatisfy { $0.isFinite }
        #expect(areFinite)
        if drained.error != nil { errors += 1 }
      } catch {
        errors += 1
        #expect(error.kind == .badData, "\(error.kind) \(error.message)")
        #expect(!error.message.contains("\n"), "\(error.message.debugDescription)")
      }
    }
    #expect(errors > 0)
  }
}
