import ModelFiles
import Results
import StreamCore

/// Times calls with more frames, more streams, and threads with streams of their own.
struct ParallelismStudy {
  private let files: StudyFiles
  private let pace: StudyPace

  init(_ files: StudyFiles, _ pace: StudyPace) {
    self.files = files
    self.pace = pace
  }

  func figures() throws -> ParallelismFigures {
    var lines: [ParallelismFigures.Line] = []
    for axis in ParallelismFigures.Axis.allCases where !pace.isStopped() {
      for (title, name) in [("LSTM", "lstm"), ("Transformer", "transformer")] {
        let path = files.recognition(name)
        let sizes = sizes(axis)
        let calls = try sizes.map { try call(axis, $0, of: path) }
        let times = StudyClock.rounds(pace.rounds, calls)
        lines.append(
          ParallelismFigures.Line(
            title, isRecurrent: name == "lstm", axis: axis,
            times: zip(sizes, times).map { StudyChart.Point(Double($0), $1) }))
      }
    }
    return ParallelismFigures(lines: lines)
  }

  private func sizes(_ axis: ParallelismFigures.Axis) -> [Int] {
    switch axis {
    case .frames: [1, 2, 4, 8, 16, 32]
    case .streams: [1, 4, 16, 64]
    case .threads: [1, 2]
    }
  }

  /// Nanoseconds a frame with so much at once.
  private func call(
    _ axis: ParallelismFigures.Axis, _ size: Int, of path: String
  ) throws -> () -> Double {
    let plain = try ModelFile(contentsOf: path)
    let chunk = axis == .frames ? size : 1
    let file =
      plain.configuration.hasChunks ? try ModelFile(contentsOf: path, chunkSize: chunk) : plain
    switch axis {
    case .frames:
      let call = StudyCall(file.model, frames: size)
      return { StudyClock.timePerCall { call.run() } / Double(size) }
    case .streams:
      let call = StudyCall(file.model, streams: size)
      return { StudyClock.timePerCall { call.run() } / Double(size) }
    case .threads:
      let calls = (0..<size).map { _ in StudyCall(file.model) }
      // Of as many frames that starting threads is no part of it.
      let frames = pace.isQuick ? 1_000 : 4_000
      return {
        StudyClock.time {
          inParallel(size) { index in for _ in 0..<frames { calls[index].run() } }
        } / Double(frames * size)
      }
    }
  }
}

/// Calls of a model, warm, on made-up frames. Used by one thread at a time.
final class StudyCall: @unchecked Sendable {
  private let stream: StudyStream
  /// Of several calls, taken in turn.
  private let frames: [[Float]]
  private var output: [Float]
  private var turn = 0

  /// So many frames of so many streams a call.
  init(_ model: any StreamingModel, frames: Int = 1, streams: Int = 1) {
    stream = StudyStream(model.makeStreams(count: streams))
    var random = RandomTensors()
    self.frames = (0..<8).map { _ in random.values(frames * streams * model.inputSize) }
    let waiting = max(model.chunkSize, model.algorithmicLatency + 1)
    output = [Float](repeating: 0, count: (frames + waiting) * streams * model.outputSize)
    for _ in 0...max(8, model.settlingFrames / frames) { run() }
  }

  func run() {
    stream.run(frames[turn], into: &output)
    turn = (turn + 1) % frames.count
  }
}
