import StreamCore
import Testing

@testable import ModelFiles

/// A chunk and a left context instead of the file's.
struct ModelFileOverrideTests {
  private func configuration(
    _ model: ExampleModel, chunkSize: Int? = nil, leftContext: Int? = nil
  ) throws -> [Int] {
    try withTemporaryFile(model.file.bytes) { path in
      let file = try ModelFile(
        contentsOf: path, chunkSize: chunkSize, leftContext: leftContext)
      let configuration = try #require(
        file.configuration as? StreamingTransformer.Configuration)
      let model = try #require(file.model as? StreamingTransformer)
      #expect(model.configuration == configuration)
      return [configuration.chunkSize, configuration.leftContext]
    }
  }

  @Test func allowed() throws {
    #expect(try configuration(.transformer) == [4, 8])
    #expect(try configuration(.transformer, chunkSize: 16) == [16, 8])
    #expect(try configuration(.transformer, leftContext: 0) == [4, 0])
    #expect(try configuration(.transformer, chunkSize: 1, leftContext: 16) == [1, 16])
    #expect(try configuration(.causal, chunkSize: 1_024) == [1_024, 8])
    #expect(try configuration(.causal, chunkSize: 7) == [7, 8])
  }

  @Test(
    arguments: [
      (ExampleModel.transformer, 0, nil, "chunk 0, expected one of 1, 4, 16"),
      (.transformer, 5, nil, "chunk 5, expected one of 1, 4, 16"),
      (.transformer, -1, 4, "chunk -1, expected one of 1, 4, 16"),
      (.transformer, nil, 17, "left context 17, expected 0 to 16"),
      (.transformer, 4, -1, "left context -1, expected 0 to 16"),
      (.causal, 0, nil, "chunk 0, expected 1 to 1024"),
      (.causal, 1_025, nil, "chunk 1025, expected 1 to 1024"),
      (.causal, Int.max, nil, "chunk 9223372036854775807, expected 1 to 1024"),
      (.causal, nil, 1 << 40, "left context 1099511627776, expected 0 to 16"),
      (.lstm, 4, nil, "a chunk: architecture lstm has none"),
      (.lstm, nil, 0, "a left context: architecture lstm has none"),
    ] as [(ExampleModel, Int?, Int?, String)])
  func refused(
    model: ExampleModel, chunkSize: Int?, leftContext: Int?, reason: String
  ) throws {
    let error = try modelError(model.file.bytes, chunkSize: chunkSize, leftContext: leftContext)
    #expect(error?.kind == .usage)
    #expect(error?.reason == reason)
    #expect(error?.description == "model file \(error?.path ?? "") does not allow \(reason)")
  }

  /// A file that is bad by itself is not the caller's fault.
  @Test func badFileFirst() throws {
    let model = ExampleModel.transformer.replacing(
      "configuration", #""chunk_size": 4"#, #""chunk_size": 5"#)
    #expect(try modelError(model.file.bytes, chunkSize: 4)?.kind == .malformed)
  }
}
