import LatencyLog
import Testing

@Suite struct EventLineEncoderTests {
  private func line(hasDelays: Bool, delay: Int64?) -> String {
    let encoder = EventLineEncoder(
      lane: "a \"b\"", labels: ["rest", "walk"], hasDelays: hasDelays)
    var bytes: [UInt8] = []
    encoder.append(
      event: "class", output: 1, position: 8_192, time: 0.512, emitted: 0.8, delay: delay,
      to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func lines() {
    let start =
      #"{"lane":"a \"b\"","event":"class","label":"walk","position":8192,"time":0.512,"emitted":0.8"#
    #expect(line(hasDelays: false, delay: nil) == start + "}\n")
    #expect(line(hasDelays: true, delay: 288_000_000) == start + ",\"delay_ns\":288000000}\n")
    #expect(line(hasDelays: true, delay: -5) == start + ",\"delay_ns\":-5}\n")
    #expect(line(hasDelays: true, delay: nil) == start + ",\"delay_ns\":null}\n")
  }
}
