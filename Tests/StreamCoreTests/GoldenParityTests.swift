import ModelFiles
import StreamCore
import Testing

/// Parity with the PyTorch reference; Tests/Golden/README.md has the line that made each file:
///
///     model = load("NAME.model.safetensors").double(); model.outputs(input)
@Suite("Parity with PyTorch")
struct GoldenParityTests {
  @Test("Outputs within 1e-5 of the reference", arguments: GoldenFile.models)
  func outputsEqualReference(name: String) throws {
    let golden = try GoldenFile(name)
    let file = try golden.model()
    let input = try golden.values("input")
    let frames =
      golden.golden.tensorNames.contains("frames")
      ? outputs(of: file.frontEnd.makeStream(), for: input) : input
    if golden.golden.tensorNames.contains("frames") {
      #expect(largestDifference(frames, try golden.values("frames")) < 1e-2)
    }
    let streamed = outputs(of: file.model.makeStreams(), for: frames, start: golden.start)
    let difference = largestDifference(streamed, try golden.values("output"))
    #expect(difference <= 1e-5, "\(name): \(difference)")
  }

  @Test("There are golden files of every architecture")
  func goldenFilesExist() {
    #expect(GoldenFile.models.filter { $0.hasPrefix("lstm") }.count >= 8)
    #expect(GoldenFile.models.filter { $0.hasPrefix("gru") }.count >= 6)
    #expect(GoldenFile.models.filter { $0.hasPrefix("min_gru") }.count >= 6)
    #expect(GoldenFile.models.filter { $0.hasPrefix("rnn") }.count >= 6)
    #expect(GoldenFile.models.filter { $0.hasPrefix("silero") }.count >= 2)
    #expect(GoldenFile.models.filter { $0.hasPrefix("c") }.count >= 12)
  }

  @Test("Other chunk sizes and left contexts of one file")
  func overrides() throws {
    let golden = try GoldenFile("chunk-l2-h1-d32-c4-left8")
    let names = golden.golden.tensorNames.filter { $0.hasPrefix("output_chunk") }
    #expect(names.count >= 5)
    for name in names {
      let parts = name.dropFirst("output_chunk".count).split(separator: "_")
      let chunk = try #require(Int(parts[0]))
      let left = try #require(Int(parts[1].dropFirst("left".count)))
      let file = try golden.model(chunkSize: chunk, leftContext: left)
      let streamed = outputs(of: file.model.makeStreams(), for: try golden.values("input"))
      let difference = largestDifference(streamed, try golden.values(name))
      #expect(difference <= 1e-5, "\(name): \(difference)")
    }
  }

  @Test("Skipped chunks are keys that nobody sees")
  func skips() throws {
    let golden = try GoldenFile("chunk-l2-h1-d32-c4-left8", "skips")
    let file = try golden.model()
    let present = try golden.values("present")
    let input = try golden.values("input")
    let expected = try golden.values("output")
    let size = file.model.inputSize
    let outputSize = file.model.outputSize
    var streams = file.model.makeStreams()
    var results: [Float] = []
    var skipped = 0
    for frame in present.indices {
      if present[frame] == 0 {
        skipped += 1
        if skipped == 4 {
          streams.advance(frames: 4, stream: 0)
          results += [Float](repeating: 0, count: 4 * outputSize)
          skipped = 0
        }
        continue
      }
      var room = [Float](repeating: .nan, count: 4 * outputSize)
      var span = room.mutableSpan
      let part = Array(input[frame * size..<(frame + 1) * size])
      let written = streams.process(part.span, into: &span)
      results += room[..<(written * outputSize)]
    }
    var room = [Float](repeating: .nan, count: 4 * outputSize)
    var span = room.mutableSpan
    let written = streams.finish(into: &span)
    results += room[..<(written * outputSize)]
    #expect(largestDifference(results, expected) <= 1e-5)
  }
}
