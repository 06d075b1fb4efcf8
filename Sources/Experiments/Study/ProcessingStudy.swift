import Dispatch
import ModelFiles
import Results
import StreamCore

/// Times recorded streams of growing length in every way that a family offers.
struct ProcessingStudy {
  private let lstm: RecurrentModel.Configuration
  private let transformer: StreamingTransformer.Configuration
  private let frames: [Float]
  private let pace: StudyPace

  private static let window = 128
  private static let block = 1_024

  init(_ files: StudyFiles, _ pace: StudyPace) throws {
    let lstm = try ModelFile(contentsOf: files.recognition("lstm"))
    let transformer = try ModelFile(contentsOf: files.recognition("transformer"))
    guard let recurrent = lstm.configuration as? RecurrentModel.Configuration,
      let attending = transformer.configuration as? StreamingTransformer.Configuration
    else { preconditionFailure("the recognisers are an LSTM and a Transformer") }
    self.lstm = recurrent
    self.transformer = attending
    self.pace = pace
    frames = try StudyRecording(files.recording("recognition.flac")).frames(lstm.frontEnd)
  }

  func figures() throws -> ProcessingFigures {
    var times: [ProcessingFigures.Way: [StudyChart.Point]] = [:]
    // A way that gets too slow is not tried with more frames.
    var left = ProcessingFigures.Way.allCases
    let patience = pace.isQuick ? 0.3e9 : 2e9
    for length in [16, 64, 256, 1_024, 4_096, 16_384] where !pace.isStopped() {
      let calls = try left.map { try call($0, frames: length) }
      for call in calls { call() }
      let found = StudyClock.rounds(pace.rounds, calls.map { call in { StudyClock.time(call) } })
      for (way, time) in zip(left, found) {
        times[way, default: []].append(StudyChart.Point(Double(length), time))
      }
      left = zip(left, found).filter { way, time in
        // Four times as many frames, each of which may cost four or sixteen times as much.
        let growth = way == .recomputed ? 64.0 : way == .whole ? 16 : 4
        return time.value * growth < patience
      }.map(\.0)
    }
    return ProcessingFigures(times: times, window: Self.window)
  }

  /// So many frames of the recording, from its beginning again where it ends.
  private func recording(of count: Int) -> [Float] {
    let values = count * lstm.inputSize
    return (0..<values).map { frames[$0 % frames.count] }
  }

  /// The Transformer of the recogniser's sizes with a mask and a context of its own.
  private func transformer(chunk: Int, left: Int) throws -> StreamingTransformer {
    try .untrained(like: transformer, chunk: chunk, leftContext: left)
  }

  /// One way over all frames of a recording, everything that it touches made before.
  private func call(_ way: ProcessingFigures.Way, frames count: Int) throws -> () -> Void {
    let input = recording(of: count)
    var output = [Float](repeating: 0, count: count * lstm.outputSize)
    switch way {
    case .steps:
      var random = RandomTensors()
      let stream = StudyStream(
        RecurrentModel(configuration: lstm, tensors: random.tensors(lstm.tensors)))
      return {
        stream.reset()
        stream.run(input, into: &output)
      }
    case .hoisted, .hoistedByTwo:
      var random = RandomTensors()
      let whole = WholeLSTM(lstm, tensors: random.tensors(lstm.tensors), frames: count)
      let threads = way == .hoisted ? 1 : 2
      return {
        whole.begin(input.span)
        for layer in 0..<whole.layerCount {
          inParallel(threads) { index in
            whole.multiplyInputs(
              layer: layer, frames: count * index / threads..<count * (index + 1) / threads)
          }
          whole.step(layer: layer)
        }
        var span = output.mutableSpan
        whole.finish(into: &span)
      }
    case .whole:
      let chunk = min(count, Self.block)
      let stream = StudyStream(try transformer(chunk: chunk, left: count))
      return {
        stream.reset()
        stream.run(input, into: &output)
      }
    case .streamed, .streamedByTwo:
      return try streamed(input, count, threads: way == .streamed ? 1 : 2)
    case .recomputed:
      let stream = StudyStream(try transformer(chunk: min(count, Self.block), left: count))
      let size = lstm.inputSize
      return {
        for length in 1...count {
          stream.reset()
          stream.run(input, count: length * size, into: &output)
          stream.finish(into: &output)
        }
      }
    }
  }

  /// Frame by frame with a cache. Two threads take half of the recording each: the second one
  /// begins as many
  /// frames earlier as layers times the window, which makes its half exactly what one thread gives.
  private func streamed(_ input: [Float], _ count: Int, threads: Int) throws -> () -> Void {
    let model = try transformer(chunk: 1, left: Self.window)
    let size = lstm.inputSize
    let reach = transformer.layerCount * Self.window
    let parts = (0..<threads).map { index in
      let first = index == 0 ? 0 : max(0, count * index / threads - reach)
      return StreamPart(
        model, frames: Array(input[first * size..<count * (index + 1) / threads * size]))
    }
    return { inParallel(threads) { parts[$0].run() } }
  }
}

/// A stretch of a recording with a stream of its own. Used by one thread at a time.
private final class StreamPart: @unchecked Sendable {
  private let stream: StudyStream
  private let frames: [Float]
  private var output: [Float]

  init(_ model: any StreamingModel, frames: [Float]) {
    stream = StudyStream(model)
    self.frames = frames
    output = [Float](repeating: 0, count: frames.count / model.inputSize * model.outputSize)
  }

  func run() {
    stream.reset()
    stream.run(frames, into: &output)
  }
}

/// Runs parts of one thing at once, one a thread.
func inParallel(_ count: Int, _ body: @Sendable (Int) -> Void) {
  if count == 1 { return body(0) }
  DispatchQueue.concurrentPerform(iterations: count, execute: body)
}
