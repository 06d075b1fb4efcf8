import Experiments
import ModelFiles
import StreamCore
import Testing

@testable import LockstepBench

@Suite struct FloorTests {
  @Test func theSlowerOfBytesAndOperationsCounts() throws {
    let demand = try Self.demand("L1")
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
    let demand = try Self.demand("L1")
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
    let f32 = try Self.demand("L1")
    #expect(f32.bytes == 512 * 168 * 4 + 512 * 4 + 2 * 128 * 4 + 129 * 4)
    #expect(f32.weightOperations == 2 * 512 * 168)
    #expect(f32.floatOperations == 2 * 128)
    let int8 = try Self.demand("L1", ModelOptions(precision: .int8))
    #expect(int8.bytes == 512 * 168 + 2 * 512 * 4 + 2 * 128 * 4 + 129 * 4)
  }

  /// A chunk multiplies the operations and reads the weights once; bf16 halves what attention reads.
  @Test func transformerDemandFollowsChunkAndCache() throws {
    func demand(_ chunk: Int, _ kvPrecision: KVPrecision) throws -> CallDemand {
      try Self.demand("T1", ModelOptions(chunkSize: chunk, kvPrecision: kvPrecision))
    }
    let one = try demand(1, .f32)
    let sixteen = try demand(16, .f32)
    #expect(sixteen.bytes == one.bytes)
    #expect(sixteen.weightOperations == 16 * one.weightOperations)
    #expect(one.bytes - (try demand(1, .bf16)).bytes == 2 * 2 * 128 * 128 * 2)
    #expect(one.floatOperations == 2 * 2 * 2 * 129 * 128 + 2 * 128)
  }

  /// The demand agrees with the model's own count of multiply-adds.
  @Test(arguments: WorkloadList.models.map(\.name)) func demandAgreesWithTheModel(
    _ name: String
  ) throws {
    let kind = try Self.kind(name)
    let model = try BenchModelStore().model(kind, options: ModelOptions())
    let demand = model.callDemand(frames: 1, streams: 1)
    let slack = try kind.configuration().hasChunks ? 2 * 2 * 2 * 512 * 6 : 0
    let expected = 2 * model.multiplyAddsPerFrame
    #expect(abs(demand.weightOperations + demand.floatOperations - expected) <= slack)
  }

  private static func kind(_ name: String) throws -> BenchModel {
    try #require(WorkloadList.models.first { $0.name == name })
  }

  /// Of one call with one stream.
  private static func demand(
    _ name: String, _ options: ModelOptions = ModelOptions()
  ) throws -> CallDemand {
    let model = try BenchModelStore().model(try kind(name), options: options)
    return model.callDemand(frames: model.chunkSize, streams: 1)
  }
}
