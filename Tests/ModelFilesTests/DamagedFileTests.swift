import StreamCore
import Testing

@testable import ModelFiles

/// Damage of every kind: never a crash.
struct DamagedFileTests {
  /// Truncated at every byte.
  @Test(arguments: [ExampleModel.lstm, .transformer, .normalised])
  func truncated(model: ExampleModel) throws {
    let bytes = model.file.bytes
    for count in 0..<bytes.count {
      #expect(try modelError(Array(bytes[..<count]))?.kind == .malformed, "\(count) bytes")
    }
    #expect(try modelError(bytes) == nil)
  }

  @Test func trailingBytes() throws {
    let bytes = ExampleModel.lstm.file.bytes
    #expect(try modelError(bytes + [0])?.kind == .malformed)
    #expect(try modelError(bytes + bytes)?.kind == .malformed)
  }

  /// 1 to 8 bytes changed at random, most of them in the header: a model or an error.
  @Test(arguments: [ExampleModel.lstm, .transformer, .normalised])
  func flipped(model: ExampleModel) throws {
    let original = model.file.bytes
    let header = 8 + model.file.header.utf8.count
    var generator = SplitMix(state: 20_26)
    var models = 0
    for _ in 0..<2_000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...8, using: &generator) {
        let end = Int.random(in: 0..<4, using: &generator) == 0 ? bytes.count : header
        bytes[Int.random(in: 0..<end, using: &generator)] = UInt8.random(
          in: 0...255, using: &generator)
      }
      if let error = try modelError(bytes) {
        #expect(error.kind == .malformed)
        #expect(!error.description.contains("\n"))
      } else {
        models += 1
      }
    }
    // Both happen, or the damage is too much or too little to show anything.
    #expect((1..<1_000).contains(models))
  }

  /// The generator of Steele, Lea and Flood (2014): the same damage in every run.
  private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var value = state
      value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
      value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
      return value ^ value >> 31
    }
  }
}
