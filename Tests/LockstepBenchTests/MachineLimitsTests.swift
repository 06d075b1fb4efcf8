import Experiments
import StreamCore
import Testing

@testable import LockstepBench

@Suite struct MachineLimitsTests {
  @Test func everyLimitHasThreeLoopsAndARate() throws {
    let limits = try #require(MachineLimits(footprints: [344_000]))
    limits.measure()
    // BF16 dot is what not every processor has.
    for kind in [0, 1] {
      #expect(limits.compute[kind].count >= 3)
      #expect(limits.compute[kind].allSatisfy { $0.rate > 0 })
    }
    #expect(limits.reading.allSatisfy { $0.loops.count >= 3 })
    #expect(limits.reading.contains { $0.bytes == 344_000 / 4096 * 4096 })
    #expect(limits.bandwidth(at: 24 << 10) >= limits.bandwidth(at: 64 << 20))
    #expect(limits.peak(.bf16) >= limits.peak(.f32))
  }
}
