import Testing

@testable import Reporting

@Suite struct ScaleTests {
  @Test func evenTicksAreRound() {
    #expect(Scale.linear(0, 62.5).ticks(7) == [0, 10, 20, 30, 40, 50, 60])
    #expect(Scale.linear(0, 1).ticks(4) == [0, 0.5, 1])
    #expect(Scale.linear(-3, 3).ticks(3) == [-2, 0, 2])
    #expect(Scale.linear(5, 5).high == 6)
  }

  @Test func decadesAreWhole() {
    let scale = Scale.decades(12_000, 150_000_000)
    #expect(scale.low == 10_000)
    #expect(abs(scale.high - 1e9) < 1)
    #expect(
      scale.ticks(8).map { AxisText.tick(nanoseconds: $0) } == [
        "10 µs", "100 µs", "1 ms", "10 ms", "100 ms", "1 s",
      ])
    #expect(abs(scale.share(1e6) - 0.4) < 1e-9)
    #expect(scale.share(1) == 0)
    #expect(scale.share(1e12) == 1)
    #expect(Scale.decades(1_000, 1_000).high > 1_000)
  }

  @Test func timesOfLongRunsAreInMinutes() {
    #expect(AxisText.time(2.5, inMinutes: false) == "2.5 s")
    #expect(AxisText.time(150, inMinutes: true) == "2:30")
    #expect(AxisText.time(3_750, inMinutes: true) == "1:02:30")
  }

  @Test func numbersForPeople() {
    #expect(AxisText.plain(100) == "100")
    #expect(AxisText.plain(0.5) == "0.5")
    #expect(AxisText.plain(-2.25) == "−2.25")
    #expect(AxisText.duration(12_345) == "12.3 µs")
    #expect(AxisText.duration(nil) == "-")
    #expect(HTML.number(-0.04) == "0")
    #expect(HTML.number(-12.34) == "-12.3")
    #expect(HTML.percent(0.123456) == "12.346%")
  }
}
