import Foundation
import LaneRunner
import ModelFiles
import PlainText
import Results
import StreamCore
import StreamIO

/// The committed models and recordings that a study runs on.
struct StudyFiles {
  /// The folder of the models, that of `recognition` and `recall` in it.
  private let models: String
  /// The folder of the recordings.
  private let recordings: String

  private static let sizes = ["-small", "", "-large"]
  private static let families = ["lstm", "gru", "min_gru", "transformer"]

  /// Throws `unreadable` where no folder has them.
  init() throws(ModelFileError) {
    let needed = ["recognition/recognition-lstm", "recall/recall-lstm", "speech-lstm"]
    let folder = ModelDirectories.all.first { folder in
      needed.allSatisfy { FileManager.default.fileExists(atPath: "\(folder)/\($0).safetensors") }
        && FileManager.default.fileExists(atPath: "\(folder)/../recognition.flac")
    }
    guard let folder else {
      throw ModelFileError(
        .unreadable, path: "\(needed[0]).safetensors",
        reason: "is in no folder of models beside the recordings, expected a clone of Lockstep "
          + "as the "
          + "current folder, or its samples/models as LOCKSTEP_MODELS")
    }
    models = folder
    recordings = folder + "/.."
  }

  func model(_ name: String) -> String { "\(models)/\(name).safetensors" }

  func recognition(_ name: String) -> String { model("recognition/recognition-\(name)") }

  func recording(_ name: String) -> String { "\(recordings)/\(name)" }

  /// The recognisers of every family and size that are there.
  var sizes: [(family: String, name: String)] {
    Self.families.flatMap { family in
      Self.sizes.map { (family: family, name: family + $0) }
    }.filter { FileManager.default.fileExists(atPath: recognition($0.name)) }
  }

  /// Everything that may be read.
  var all: [String] {
    [
      "recognition.flac", "recognition.labels.csv", "recognition.bounds.json",
      "recognition.data.json", "speech.flac", "activity.csv",
    ]
    .map(recording) + sizes.map { recognition($0.name) }
      + ["lstm-wait4", "lstm-wait16"].map(recognition)
      + ["rnn", "lstm", "gru", "transformer"].map { model("recall/recall-\($0)") }
      + ["speech-lstm", "speech-transformer", "activity-lstm", "activity-transformer"].map(model)
  }

  /// What models reach that hear the whole stream.
  func bounds() throws -> QualityBounds {
    try parsed("recognition.bounds.json") { (bytes) throws(FileDefect) in
      try QualityBounds(parsing: bytes, merit: .tokenErrorRate)
    }
  }

  /// What less training data came to.
  func dataShares() throws -> DataShares {
    try parsed("recognition.data.json") { (bytes) throws(FileDefect) in
      try DataShares(parsing: bytes)
    }
  }

  /// What a file beside the recordings holds.
  private func parsed<Value>(
    _ name: String, _ parse: ([UInt8]) throws(FileDefect) -> Value
  ) throws -> Value {
    let path = recording(name)
    let bytes = try Data(contentsOf: URL(filePath: path))
    do {
      return try parse(Array(bytes))
    } catch {
      throw SourceError(.badData, "\(path): \(error.reason)")
    }
  }

  /// The names of families as the page has them.
  static func title(ofFamily name: String) -> String {
    switch name {
    case "lstm": "LSTM"
    case "gru": "GRU"
    case "min_gru": "minGRU"
    default: "Transformer"
    }
  }
}

/// A recording, all of it, at its own rate.
struct StudyRecording {
  /// `[samples, channels]`.
  let samples: [Float]
  let rate: Int
  let channels: Int

  /// Reads a file, at most so many samples of it; of a table the columns that the lane's model
  /// names.
  init(_ path: String, for lane: LaneSetup? = nil, limit: Int? = nil) throws(SourceError) {
    let source = try SourceOptions().open(path)
    if let lane, let wanted = try ColumnMatch(source, lanes: [lane]).wanted {
      source.take(columns: wanted)
    }
    channels = source.channelCount
    rate = source.sampleRate ?? 0
    let valueLimit = limit.map { $0 * source.channelCount } ?? .max
    var samples: [Float] = []
    var block = [Float](repeating: 0, count: 4_096 * source.channelCount)
    reading: while samples.count < valueLimit {
      var event = SourceEvent.end
      try unsafe block.withUnsafeMutableBufferPointer { (buffer) throws(SourceError) in
        event = try unsafe source.read(into: buffer)
      }
      switch event {
      case .samples(let count, _): samples += block[..<(count * source.channelCount)]
      case .end: break reading
      default: continue
      }
    }
    self.samples = Array(samples.prefix(valueLimit))
  }

  /// The frames that a front end makes of it, `[frames, frameSize]`; its rate and channels must be
  /// those.
  func frames(_ frontEnd: any FrontEnd) -> [Float] {
    precondition(frontEnd.channels == channels, "a recording of the front end's channels")
    return StudyStream(frontEnd.makeStream()).outputs(samples)
  }
}

/// One stream, fed from arrays.
final class StudyStream {
  private var processor: AnyFrameProcessor

  init(_ processor: consuming AnyFrameProcessor) {
    self.processor = processor
  }

  convenience init(_ model: any StreamingModel) { self.init(model.makeStreams()) }

  var stateNorm: Double? { processor.stateNorm }

  /// All outputs that these frames release.
  func outputs(_ frames: [Float]) -> [Float] {
    let count = frames.count / processor.inputSize
    var output = [Float](
      repeating: 0, count: processor.outputCapacity(forFrames: count) * processor.outputSize)
    var span = output.mutableSpan
    let written = processor.process(frames.span, into: &span)
    return Array(output.prefix(written * processor.outputSize))
  }

  /// The same, into room that is there: nothing is allocated.
  func run(_ frames: borrowing [Float], into output: inout [Float]) {
    var span = output.mutableSpan
    _ = processor.process(frames.span, into: &span)
  }

  /// Values of an array alone, from the first one on.
  func run(_ frames: borrowing [Float], count: Int, into output: inout [Float]) {
    var span = output.mutableSpan
    _ = processor.process(frames.span.extracting(0..<count), into: &span)
  }

  func finish(into output: inout [Float]) {
    var span = output.mutableSpan
    _ = processor.finish(into: &span)
  }

  func reset() { processor.reset(stream: 0, at: 0) }
}
