import ModelFiles
import StreamCore
import Testing

@testable import LockstepBench

@Suite struct FloorTests {
  @Test func theSlowerOfBytesAndOperationsCounts() throws {
    let demand = CallDemand(
      try BenchModel.l1.configuration(), precision: .f32, kvPrecision: .f32, frames: 1)
    let read = Floor(demand, bandwidth: 1, floatPeak: 1e9, weightPeak: 1e9)
    #expect(read.rule == .bytes)
    #expect(read.nanoseconds == Double(demand.bytes))
    let computed = Floor(demand, bandwidth: 1e9, floatPeak: 2, weightPeak: 4)
    #expect(computed.rule == .operations)
    #expect(
      computed.nanoseconds
        == Double(demand.floatOperations) / 2 + Double(demand.weightOperations) / 4)
  }

  @Test func aTimeBelowTheFloorIsNoWin() throws {
    let demand = CallDemand(
      try BenchModel.l1.configuration(), precision: .f32, kvPrecision: .f32, frames: 1)
    let floor = Floor(demand, bandwidth: 1, floatPeak: 1e9, weightPeak: 1e9)
    for (ratio, isWrong) in [(0.5, true), (0.969, true), (0.971, false), (1.3, false)] {
      #expect(floor.isWrong(for: ratio * floor.nanoseconds) == isWrong)
    }
    // Without limits there is no floor, and none that is wrong.
    let none = Floor(demand, bandwidth: 0, floatPeak: 0, weightPeak: 0)
    #expect(!none.nanoseconds.isFinite)
  }

  /// L1: 512 rows of 168 weights and a bias, h and c of 128, a head of 128 weights and a bias.
  @Test func recurrentDemandIsCountedByHand() throws {
    let configuration = try BenchModel.l1.configuration()
    let f32 = CallDemand(configuration, precision: .f32, kvPrecision: .f32, frames: 1)
    #expect(f32.bytes == 512 * 168 * 4 + 512 * 4 + 2 * 128 * 4 + 129 * 4)
    #expect(f32.weightOperations == 2 * 512 * 168)
    #expect(f32.floatOperations == 2 * 128)
    let int8 = CallDemand(configuration, precision: .int8, kvPrecision: .f32, frames: 1)
    #expect(int8.bytes == 512 * 168 + 2 * 512 * 4 + 2 * 128 * 4 + 129 * 4)
  }

  /// A chunk multiplies the operations and reads the weights once; bf16 halves what attention reads.
  @Test func transformerDemandFollowsChunkAndCache() throws {
    func demand(_ chunk: Int, _ kvPrecision: KVPrecision) throws -> CallDemand {
      CallDemand(
        try BenchModel.t1.configuration(chunkSize: chunk), precision: .f32,
        kvPrecision: kvPrecision, frames: chunk)
    }
    let one = try demand(1, .f32)
    let sixteen = try demand(16, .f32)
    #expect(sixteen.bytes == one.bytes)
    #expect(sixteen.weightOperations == 16 * one.weightOperations)
    #expect(one.bytes - (try demand(1, .bf16)).bytes == 2 * 2 * 128 * 128 * 2)
    #expect(one.floatOperations == 2 * 2 * 2 * 129 * 128 + 2 * 128)
  }

  /// The demand agrees with the model's own count of multiply-adds.
  @Test(arguments: BenchModel.allCases) func demandAgreesWithTheModel(_ kind: BenchModel) throws {
    let model = try BenchModelStore().model(
      kind, precision: .f32, chunkSize: 1, kvPrecision: .f32)
    let demand = CallDemand(
      try kind.configuration(), precision: .f32, kvPrecision: .f32, frames: 1)
    let slack = kind.isTransformer ? 2 * 2 * 2 * 512 * 6 : 0
    let expected = 2 * model.multiplyAddsPerFrame
    #expect(abs(demand.weightOperations + demand.floatOperations - expected) <= slack)
  }
}
