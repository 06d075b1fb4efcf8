import ModelFiles
import StreamCore
import Testing

@testable import ONNXLanes

/// What a stream of an ONNX model gives, held against the formula of the graph in
/// `scripts/reference/golden_onnx.py`.
@Suite("Streams of ONNX models")
struct ONNXStreamTests {
  /// Frames of halves, so that every sum below is exact.
  private static func frames(_ count: Int, size: Int = 4) -> [Float] {
    (0..<count * size).map { Float(($0 * 37) % 17) / 2 - 4 }
  }

  /// s' = s / 2 + x, value by value.
  private static func leak(_ frames: [Float], size: Int = 4) -> [Float] {
    var results = frames
    for index in size..<frames.count { results[index] += results[index - size] / 2 }
    return results
  }

  @Test("States go from call to call", arguments: [[1], [3], [5, 1, 2], [20]])
  func states(callSizes: [Int]) throws {
    let frames = Self.frames(20)
    let model = try ONNXExample("leak").model()
    let given = outputs(of: model.makeStreams(), for: frames, callSizes: callSizes)
    #expect(given == Self.leak(frames))
  }

  @Test("A stream that is saved goes on in another one", arguments: [0, 1, 2, 7, 19, 20])
  func snapshot(point: Int) throws {
    let frames = Self.frames(20)
    let model = try ONNXExample("leak").model()
    var first = model.makeStreams()
    var second = model.makeStreams()
    var room = [Float](repeating: 0, count: 80)
    var span = room.mutableSpan
    let begun = Array(frames[..<(point * 4)])
    let written = first.process(begun.span, into: &span)
    let outputs = Array(room[..<(written * 4)])
    let size = first.snapshotByteCount()
    var bytes = [UInt8](repeating: 0, count: try #require(size))
    var state = bytes.mutableSpan
    let count = first.snapshot(into: &state)
    #expect(count == bytes.count)
    try second.restore(from: bytes.span)
    let rest = Array(frames[(point * 4)...])
    span = room.mutableSpan
    let last = second.process(rest.span, into: &span)
    #expect(outputs + room[..<(last * 4)] == Self.leak(frames))
  }

  @Test("A signature in the file's metadata is the file's own")
  func metadata() throws {
    let example = try ONNXExample("leak-metadata", nil)
    let origin = try ONNXFile(contentsOf: example.path).signature?.origin
    #expect(origin == .metadata)
    let frames = Self.frames(9)
    let model = try example.model()
    #expect(outputs(of: model.makeStreams(), for: frames) == Self.leak(frames))
  }

  @Test("One beside the file comes before it")
  func besideComesFirst() throws {
    let example = try ONNXExample("leak-metadata")
    let origin = try ONNXFile(contentsOf: example.path).signature?.origin
    #expect(origin == .file(example.path + ".json"))
  }

  @Test("Streams side by side do not know of each other, and a reset one is as new")
  func separateStreams() throws {
    let model = try ONNXExample("leak").model()
    let first = Self.frames(6)
    let second = first.map { $0 + 1 }
    var together: [Float] = []
    for frame in stride(from: 0, to: 24, by: 4) {
      together += first[frame..<frame + 4] + second[frame..<frame + 4]
    }
    let given = outputs(of: model.makeStreams(count: 2), for: together)
    for (index, frames) in [first, second].enumerated() {
      var own: [Float] = []
      for frame in 0..<6 {
        let start = frame * 8 + index * 4
        own += given[start..<start + 4]
      }
      #expect(own == Self.leak(frames))
    }
    var stream = model.makeStreams()
    var room = [Float](repeating: 0, count: 24)
    var span = room.mutableSpan
    for _ in 0..<3 {
      _ = stream.process(first.span, into: &span)
      stream.reset(stream: 0, at: 40)
    }
    let after = outputs(of: stream, for: second)
    #expect(after == Self.leak(second))
  }

  @Test(
    "Open axes close: the batch is one, the samples are the frame's, and a constant fills its input"
  )
  func openAxes() throws {
    let signature = """
      {"sample_rate": 100, "hop": 3, "context": 1, "input": "input", "constants": {"gain": 2},
       "outputs": {"tensor": "output", "labels": ["a", "b", "c", "d"]}}
      """
    let model = try ONNXExample("open", signature).model()
    #expect(model.plan.states.map(\.input.shape) == [[2, 1, 4]])
    #expect(model.outputShape == [1, 4])
    #expect(model.labels == ["a", "b", "c", "d"])
    let frames = Self.frames(7)
    // Two rows of the state, each a sum of doubled frames.
    let expected = Self.leak(frames).map { 4 * $0 }
    #expect(outputs(of: model.makeStreams(), for: frames) == expected)
  }

  @Test("Chunks fill up, and the last one with zeros", arguments: [8, 9])
  func chunks(count: Int) throws {
    let signature = """
      {"front_end": {"type": "none", "sample_rate": 50, "channels": 3}, "chunk": 2,
       "input": "input", "outputs": {"tensor": "output"}}
      """
    let model = try ONNXExample("chunk", signature).model()
    #expect(model.chunkSize == 2)
    #expect(model.algorithmicLatency == 1)
    #expect(model.plan.states.map(\.input.name) == ["state", "count"])
    let frames = Self.frames(count, size: 3)
    let given = outputs(of: model.makeStreams(), for: frames, callSizes: [3])
    #expect(given == Self.leak(frames, size: 3))
  }

  @Test("Outputs that look ahead belong to earlier frames", arguments: [1, 3, 30])
  func lookAhead(frames ahead: Int) throws {
    let model = try ONNXExample("leak", ONNXExample.signature("look_ahead", "\(ahead)")).model()
    #expect(model.algorithmicLatency == ahead)
    let frames = Self.frames(20)
    // Behind the last frame come zeros.
    let whole = Self.leak(frames + [Float](repeating: 0, count: 4 * ahead))
    let given = outputs(of: model.makeStreams(), for: frames, callSizes: [7])
    #expect(given == Array(whole[(4 * ahead)...]))
    let two = outputs(of: model.makeStreams(count: 2), for: frames)
    #expect(two.count == 80)
  }

  @Test("Several inputs take their parts of a frame: of samples, a channel each")
  func severalInputs() throws {
    let signature = """
      {"sample_rate": 100, "hop": 4, "input": ["near", "far"],
       "outputs": {"tensor": "output", "kind": "audio"}}
      """
    let model = try ONNXExample("two-inputs", signature).model()
    let frontEnd = model.signature.frontEnd
    #expect(frontEnd.channels == 2)
    #expect(model.signature.givesSamples)
    let near: [Float] = [1, 2, 3, 4, 5, 6, 7, 8]
    let far: [Float] = [8, 6, 4, 2, 0, -2, -4, -6]
    let samples = zip(near, far).flatMap { [$0, $1] }
    let frames = outputs(of: frontEnd.makeStream(), for: samples, callSizes: [3])
    let planar: [Float] = [1, 2, 3, 4, 8, 6, 4, 2, 5, 6, 7, 8, 0, -2, -4, -6]
    #expect(frames == planar)
    let given = outputs(of: model.makeStreams(), for: frames)
    let difference: [Float] = [-3, -1, 1, 3, 5, 7, 9, 11]
    #expect(given == difference)
  }

  @Test("A model that needs no memory is a lane where its signature says so")
  func stateless() throws {
    let model = try ONNXExample("stateless", ONNXExample.signature("states", "{}")).model()
    let frames = Self.frames(5)
    #expect(outputs(of: model.makeStreams(), for: frames) == frames.map { 2 * $0 })
    #expect(model.makeStreams().stateNorm == nil)
  }

  @Test("An activation is applied as to every model")
  func activation() throws {
    let outputs = "{\"tensor\": \"output\", \"activation\": \"softmax\"}"
    let model = try ONNXExample("leak", ONNXExample.signature("outputs", outputs)).model()
    let given = ONNXLanesTests.outputs(of: model.makeStreams(), for: [1, 1, 1, 1])
    #expect(given == [0.25, 0.25, 0.25, 0.25])
  }

  @Test("A call that fails on the way gives what is not a number, and says why")
  func failingCall() throws {
    let model = try ONNXExample("ends").model()
    #expect(model.failure == nil)
    let given = outputs(of: model.makeStreams(), for: Self.frames(60))
    #expect(given.count == 240)
    #expect(given.firstIndex { !$0.isFinite } == 200)
    #expect(given.count { $0.isNaN } == 40)
    let failure = try #require(model.failure)
    #expect(failure.contains("Gather"))
  }

  @Test("What it takes is told: state twice, the norm of the newest")
  func costs() throws {
    let model = try ONNXExample("leak").model()
    #expect(model.stateBytes(streams: 3) == 3 * 4 * (2 * 4 + 4 + 4))
    #expect(model.weightBytes == 221)
    var stream = model.makeStreams()
    var room: [Float] = [0, 0, 0, 0]
    var span = room.mutableSpan
    let frame: [Float] = [3, 0, 4, 0]
    _ = stream.process(frame.span, into: &span)
    let norm = stream.stateNorm
    #expect(norm == 5)
  }
}
