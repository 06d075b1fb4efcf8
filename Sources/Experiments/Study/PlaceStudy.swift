import Dispatch
import LaneRunner
import ModelFiles
import Results
import StreamCore
import StreamIO

/// Measures what speaks for the LSTM on small devices and beside a live input; what less data does
/// was recorded when it was trained on.
struct PlaceStudy {
  private static let deadline: Int64 = 2_000_000

  private let files: StudyFiles
  private let pace: StudyPace

  init(_ files: StudyFiles, _ pace: StudyPace) {
    self.files = files
    self.pace = pace
  }

  func figures() throws -> PlaceFigures {
    PlaceFigures(
      data: try files.dataShares(), deadlines: try deadlines(), deadline: Self.deadline,
      hours: try hours(), devices: try devices())
  }

  private func deadlines() throws -> [PlaceFigures.Deadline] {
    let lanes = try [
      ("LSTM", "lstm", nil), ("Transformer, chunk 1", "transformer", 1),
      ("Transformer, chunk 16", "transformer", 16),
    ].map {
      LaneSetup(
        name: $0, file: try ModelFile(contentsOf: files.recognition($1), chunkSize: $2),
        deadline: Self.deadline)
    }
    let seconds: UInt64 = pace.isQuick ? 15 : 60
    let end = DispatchTime.now().uptimeNanoseconds + seconds * 1_000_000_000
    let isStopped = pace.isStopped
    let pipeline = try Pipeline(
      source: try SourceOptions().open(files.recording("recognition.flac")),
      mode: .replay(.realtime(factor: 1)), lanes: lanes,
      options: PipelineOptions(
        isStopped: { isStopped() || DispatchTime.now().uptimeNanoseconds >= end }))
    let result = pipeline.run([])
    if let failure = result.refusal ?? result.sourceFailure { throw failure }
    return result.summary.lanes.map {
      PlaceFigures.Deadline(
        $0.name, isLSTM: $0.architecture == "lstm", frames: $0.frames, misses: $0.misses.count,
        p99: $0.response.p99)
    }
  }

  /// Streams of a minute and of an hour, timed in turn.
  private func hours() throws -> [PlaceFigures.Hour] {
    try [("LSTM", "lstm", nil), ("Transformer, chunk 1", "transformer", 1)].compactMap {
      pace.isStopped()
        ? nil
        : try hour(
          $0, of: try ModelFile(contentsOf: files.recognition($1), chunkSize: $2))
    }
  }

  private func hour(_ name: String, of file: ModelFile) throws -> PlaceFigures.Hour {
    let recording = try StudyRecording(
      files.recording("recognition.flac"), limit: 60 * file.frontEnd.sampleRate)
    let frames = recording.frames(file.frontEnd)
    let size = file.model.inputSize
    let count = frames.count / size
    let calls = [1, 60].map { minutes in
      let stream = StudyStream(file.model)
      for _ in 0..<minutes where !pace.isStopped() { _ = stream.outputs(frames) }
      var next = 0
      var output = [Float](repeating: 0, count: 4 * file.model.outputSize)
      return {
        StudyClock.timePerCall {
          let frame = Array(frames[(next * size)..<((next + 1) * size)])
          stream.run(frame, into: &output)
          next = (next + 1) % count
        }
      }
    }
    let times = StudyClock.rounds(pace.rounds, calls)
    let transformer = file.configuration as? StreamingTransformer.Configuration
    return PlaceFigures.Hour(
      name, minute: times[0], hour: times[1],
      unboundedBytes: transformer.map {
        2 * 4 * $0.layerCount * $0.keyValueSize * 60 * count
      })
  }

  private func devices() throws -> [PlaceFigures.Device] {
    try files.sizes.filter { $0.family == "lstm" || $0.family == "transformer" }.map {
      let file = try ModelFile(
        contentsOf: files.recognition($0.name), precision: .int8,
        kvPrecision: $0.family == "transformer" ? .bf16 : nil)
      return PlaceFigures.Device(
        $0.name, isLSTM: $0.family == "lstm", parameters: file.parameterCount,
        weightBytes: file.model.weightBytes, stateBytes: file.model.stateBytes())
    }
  }
}
