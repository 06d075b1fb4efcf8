import Testing

/// Sound at other rates than the models': brought to theirs, every sample accounted for.
@Suite("Contract: other rates")
struct RateTests {
  let space: Workspace

  init() throws { space = try Workspace() }

  @Test(
    "Frames as many as the time has, and books that balance", arguments: [8_000, 44_100, 48_000])
  func frames(rate: Int) async throws {
    let count = rate * 2
    let path = try space.write(Sound.wav(Sound.samples(count), rate: UInt32(rate)), to: "two.wav")
    try await space.run(["replay", path] + RunReport.options(space)).expectSuccess()
    let report = try RunReport(space)
    #expect(try report.summary.object("input").integer("rate") == rate)
    #expect(try report.summary.object("input").integer("received") == count)
    for lane in report.lanes {
      // 2 s at 16 kHz; neither end of the filter adds or takes a frame.
      #expect(try lane.integer("frames") == (32_000 - 400) / 160 + 1)
      #expect(try lane.integer("consumed") + lane.integer("tail") == count)
      #expect(try lane.integer("signal_delay_ns") > 25_000_000)
      let lines = try #require(report.log[lane.text("name")])
      for line in lines {
        #expect(line.partsSum == line.response)
        #expect(line.position < count)
        // The window's last sample cannot be known before the source has come that far.
        #expect((line.position + 1) * 16_000 >= (line.frame * 160 + 399) * rate, "\(line)")
      }
    }
  }

  @Test("The bytes do not depend on how the samples come", arguments: [8_000, 44_100, 48_000])
  func pieces(rate: Int) async throws {
    let samples = Sound.samples(rate + 77)
    let path = try space.write(Sound.wav(samples, rate: UInt32(rate)), to: "second.wav")
    try await space.run(["replay", path, "--output", space.path("file")]).expectSuccess()
    try await space.run(
      ["replay", "-", "--format", "s16le", "--rate", "\(rate)", "--output", space.path("pipe")]
    ) { $0.write(Sound.bytes(samples), inPiecesOf: 901, seed: 6) }
    .expectSuccess()
    try await space.run(["replay", path, "--pace", "9", "--output", space.path("paced")])
      .expectSuccess()
    #expect(try space.lines("file").count > 150)
    #expect(try space.bytes("pipe") == space.bytes("file"))
    #expect(try space.bytes("paced") == space.bytes("file"))
  }

  @Test("At pace max no record is lost, however many frames a sample brings")
  func lowestRate() async throws {
    let bytes = Sound.bytes(Sound.samples(300))
    try await space.run(
      ["replay", "-", "--format", "s16le", "--rate", "2"] + RunReport.options(space)
    ) { $0.write(bytes) }
    .expectSuccess()
  }

  @Test("A ratio that no filter can be made for is 65, with both rates")
  func impossibleRatio() async throws {
    let path = try space.write(Sound.wav(Sound.samples(900), rate: 9_999_991), to: "prime.wav")
    try await space.run(["replay", path]).expectRefusal(65, naming: ["9999991", "16000"])
  }
}
