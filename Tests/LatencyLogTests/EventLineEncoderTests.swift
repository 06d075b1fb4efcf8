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

  @Test func token() {
    let record = FrameRecord(
      lane: 0, frame: 53, position: 8_879, arrival: 0, frontEndStart: 0, frontEndEnd: 0,
      modelStart: 0, modelEnd: 0, emission: 0)
    let token = TokenRecord(
      lane: 0, output: 1, frame: 51, time: 0.535, begins: 0.5175, known: record, knownTime: 0.555,
      emitted: 0.675, position: 10_799)
    for (hasDelays, delay, end) in [
      (false, Int64?.none, "}\n"), (true, 12, ",\"delay_ns\":12}\n"),
      (true, nil, ",\"delay_ns\":null}\n"),
    ] {
      let encoder = EventLineEncoder(
        lane: "a", labels: ["blank", "\"AA\""], hasDelays: hasDelays)
      var bytes: [UInt8] = []
      encoder.append(token, delay: delay, to: &bytes)
      #expect(
        String(decoding: bytes, as: UTF8.self)
          == #"{"lane":"a","event":"token","label":"\"AA\"","frame":51,"time":0.535,"begins":0.5175,"#
          + #""known":53,"emitted":0.675"# + end)
    }
  }
}
