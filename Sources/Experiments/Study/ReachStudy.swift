import LaneRunner
import ModelFiles
import Quality
import Results
import StreamCore

/// Measures how far back models reach: what they recall, and what still moves their outputs.
struct ReachStudy {
  private let files: StudyFiles
  private let pace: StudyPace

  private static let symbols = 4
  private static let lags = [1, 2, 4, 8, 16, 32, 64, 128]
  /// Left contexts that the Transformer was trained with.
  private static let windows = [8, 16, 32, 64]

  init(_ files: StudyFiles, _ pace: StudyPace) {
    self.files = files
    self.pace = pace
  }

  func figures() throws -> ReachFigures {
    var recall: [ReachFigures.Recall] = []
    for (name, title, family) in [
      ("rnn", "RNN", ReachFigures.Recall.Family.plain), ("lstm", "LSTM", .lstm),
      ("gru", "GRU", .gru),
    ] {
      let file = try ModelFile(contentsOf: files.model("recall/recall-\(name)"))
      recall.append(.init(title, family, accuracy: accuracy(of: file.model)))
    }
    for window in Self.windows where !pace.isStopped() {
      let file = try ModelFile(
        contentsOf: files.model("recall/recall-transformer"), leftContext: window)
      let layers = (file.configuration as? StreamingTransformer.Configuration)?.layerCount ?? 1
      recall.append(
        .init(
          "Transformer of window \(window)", .transformer(reach: layers * window),
          accuracy: accuracy(of: file.model)))
    }
    var influence: [ReachFigures.Influence] = []
    for (task, recording, lstm, transformer) in [
      ("speech", "speech.flac", files.model("speech-lstm"), files.model("speech-transformer")),
      (
        "activity", "activity.csv", files.model("activity-lstm"),
        files.model("activity-transformer")
      ),
      (
        "recognition", "recognition.flac", files.recognition("lstm"),
        files.recognition("transformer")
      ),
    ] where !pace.isStopped() {
      for (title, path) in [("LSTM", lstm), ("Transformer", transformer)] {
        influence.append(try profile(title, of: path, task: task, over: recording))
      }
    }
    return ReachFigures(recall: recall, influence: influence)
  }

  /// The share of right answers at each lag, with its 95 % interval over streams.
  private func accuracy(of model: any StreamingModel) -> [StudyChart.Point] {
    let streams = pace.isQuick ? 12 : 32
    let frames = 1_000
    var generator = SplitMix64(seed: 99)
    var shares = Self.lags.map { _ in [Double]() }
    for _ in 0..<streams {
      let symbols = (0..<frames).map { _ in Int(generator.next() >> 62) }
      var input = [Float](repeating: 0, count: frames * Self.symbols)
      for (frame, symbol) in symbols.enumerated() { input[frame * Self.symbols + symbol] = 1 }
      let outputs = StudyStream(model).outputs(input)
      for (place, lag) in Self.lags.enumerated() {
        var right = 0
        let first = Self.lags.last ?? 0
        for frame in first..<frames {
          let start = frame * model.outputSize + place * Self.symbols
          let answers = outputs[start..<start + Self.symbols]
          let best = answers.indices.max { answers[$0] < answers[$1] } ?? start
          if best - start == symbols[frame - lag] { right += 1 }
        }
        shares[place].append(Double(right) / Double(frames - first))
      }
    }
    return zip(Self.lags, shares).map {
      StudyChart.Point(Double($0), Estimate(meanOf: $1, in: 0...1))
    }
  }

  /// How far a changed frame moves the outputs after it, over how far it moves its own.
  private func profile(
    _ title: String, of path: String, task: String, over recording: String
  ) throws -> ReachFigures.Influence {
    let file = try Self.frameByFrame(path)
    let places = pace.isQuick ? 60 : 200
    let reach = 1_024
    let warmUp = 256
    let lane = LaneSetup(name: title, file: file)
    let frames = try StudyRecording(files.recording(recording), for: lane).frames(file.frontEnd)
    let size = file.frontEnd.frameSize
    let count = frames.count / size
    let outputSize = file.model.outputSize
    var generator = SplitMix64(seed: 7)
    var atOnce: [Double] = []
    let distances = Self.distances(to: min(reach, count / 2))
    var later = distances.map { _ in [Double]() }
    for place in 0..<places {
      let room = count - warmUp - reach - 1
      let start = max(0, room) * place / max(1, places - 1)
      let end = min(count, start + warmUp + reach + 1)
      let base = Array(frames[start * size..<end * size])
      var changed = base
      for value in 0..<size where warmUp * size + value < changed.count {
        changed[warmUp * size + value] += generator.next() & 1 == 0 ? 1 : -1
      }
      let one = StudyStream(file.model).outputs(base)
      let other = StudyStream(file.model).outputs(changed)
      // The mean over some frames, which are at least one.
      func change(_ distances: Range<Int>) -> Double {
        let first = (warmUp + distances.lowerBound) * outputSize
        let values = first..<min(one.count, (warmUp + distances.upperBound) * outputSize)
        guard !values.isEmpty else { return 0 }
        let sum = values.reduce(0) { $0 + Double(abs(one[$1] - other[$1])) }
        return sum * Double(outputSize) / Double(values.count)
      }
      atOnce.append(change(0..<1))
      for (index, distance) in distances.enumerated() {
        let next = distances.indices.contains(index + 1) ? distances[index + 1] : distance + 1
        later[index].append(change(distance..<next))
      }
    }
    let mean = atOnce.reduce(0, +) / Double(places)
    return ReachFigures.Influence(
      title, task: task, isRecurrent: file.model.leftContext == nil,
      period: Double(file.frontEnd.hop) / Double(file.frontEnd.sampleRate),
      profile: zip(distances, later).map { distance, changes in
        StudyChart.Point(
          Double(distance), Estimate(meanOf: changes.map { $0 / mean }, in: 0...(.infinity)))
      })
  }

  /// A model with a chunk of one frame, where it has chunks and allows that.
  static func frameByFrame(_ path: String) throws(ModelFileError) -> ModelFile {
    let file = try ModelFile(contentsOf: path)
    guard file.configuration.hasChunks, file.model.chunkSize > 1,
      (try? file.configuration.applying(ModelOptions(chunkSize: 1))) != nil
    else { return file }
    return try ModelFile(contentsOf: path, chunkSize: 1)
  }

  /// 1, 2, 3 and on, each about a fifth more than the one before.
  private static func distances(to last: Int) -> [Int] {
    var distances = [1]
    while let current = distances.last, current < last {
      distances.append(min(last, max(current + 1, current * 6 / 5)))
    }
    return distances
  }
}

extension Estimate {
  /// The mean of a sample with its 95 % interval, within what the figure can be.
  init(meanOf values: [Double], in range: ClosedRange<Double>) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, count - 1)
    let margin = 1.96 * (square / count).squareRoot()
    self.init(
      value: mean, low: max(range.lowerBound, mean - margin),
      high: min(range.upperBound, mean + margin))
  }
}
