import LatencyLog
import Testing

@Suite struct OutputLineEncoderTests {
  func line(_ lane: String, _ frame: UInt64, _ time: Double, _ output: [Float]) -> String {
    var bytes: [UInt8] = []
    OutputLineEncoder(lane: lane).append(
      frame: frame, time: time, output: output.span, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func theLineIsTheContractToTheLetter() {
    #expect(
      line("speech-lstm", 0, 0.025, [0.0123])
        == "{\"lane\":\"speech-lstm\",\"frame\":0,\"time\":0.025,\"output\":[0.0123]}\n")
    #expect(
      line("a", .max, 3600, [1, -0.0, 1e-5, 3e10])
        == "{\"lane\":\"a\",\"frame\":18446744073709551615,\"time\":3600.0,"
        + "\"output\":[1.0,-0.0,1e-05,3e+10]}\n")
    #expect(line("a", 1, 0, []) == "{\"lane\":\"a\",\"frame\":1,\"time\":0.0,\"output\":[]}\n")
  }

  @Test func whatIsNotFiniteIsNull() {
    #expect(
      line("a", 0, 1, [.nan, .infinity, -.infinity])
        == "{\"lane\":\"a\",\"frame\":0,\"time\":1.0,\"output\":[null,null,null]}\n")
  }

  @Test func ofSeveralInputsALineBeginsWithItsOwn() {
    var bytes: [UInt8] = []
    let output: [Float] = [0.5]
    OutputLineEncoder(lane: "a", input: "x \"y\".wav")
      .append(frame: 3, time: 1, output: output.span, to: &bytes)
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == "{\"input\":\"x \\\"y\\\".wav\",\"lane\":\"a\",\"frame\":3,\"time\":1.0,"
        + "\"output\":[0.5]}\n")
  }

  @Test func theLaneIsEscaped() {
    #expect(
      line("a\"b\\c\nd\u{1f}é", 0, 0, [])
        == "{\"lane\":\"a\\\"b\\\\c\\u000ad\\u001fé\",\"frame\":0,\"time\":0.0,\"output\":[]}\n")
  }

  @Test func everyNumberReadsBackAsItself() {
    var wrong: [Float] = []
    var state: UInt32 = 7
    for _ in 0..<20_000 {
      state = state &* 1_664_525 &+ 1_013_904_223
      let value = Float(bitPattern: state)
      guard value.isFinite else { continue }
      let text = line("a", 0, 0, [value]).split(separator: "[")[1].dropLast(3)
      if Float(text)?.bitPattern != value.bitPattern { wrong.append(value) }
    }
    #expect(wrong == [])
  }
}
