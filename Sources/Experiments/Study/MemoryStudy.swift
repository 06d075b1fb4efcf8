import Foundation
import LaneRunner
import ModelFiles
import Quality
import Results
import StreamCore

/// Measures how long lanes take to forget, and what becomes of their states.
struct MemoryStudy {
  private struct Subject {
    let name: String
    let lane: LaneSetup
    let window: Double?
  }

  private let files: StudyFiles
  private let pace: StudyPace
  private let subjects: [Subject]

  /// The speech pair, the recognisers, and any other file.
  init(
    _ files: StudyFiles, _ pace: StudyPace, models: [String], onnxRuntime: String?
  ) throws {
    self.files = files
    self.pace = pace
    let own =
      ["speech-lstm", "speech-transformer"].map(files.model)
      + ["lstm", "transformer"].map(files.recognition)
    subjects = try (own + models).map { path in
      let name = URL(filePath: path).deletingPathExtension().lastPathComponent
      let file = try LaneFile(contentsOf: path, onnxRuntime: onnxRuntime)
      let lane = file.lane(name: name)
      let layers =
        try? (ModelFile(contentsOf: path).configuration as? StreamingTransformer.Configuration)?
        .layerCount
      let frontEnd = lane.frontEnd
      let window = file.model.leftContext.map { left in
        // A chunk of each layer sees so far before its first frame; the oldest frame has a window
        // of samples.
        let frames = (layers ?? 1) * (left + file.model.chunkSize)
        return Double(frames * frontEnd.hop + frontEnd.window) / Double(frontEnd.sampleRate)
      }
      return Subject(name: name, lane: lane, window: window)
    }
  }

  func figures() throws -> MemoryFigures {
    let minutes = pace.isQuick ? 1.0 : 10
    let limit = pace.isQuick ? 40.0 : 60
    var lanes: [MemoryFigures.Lane] = []
    for subject in subjects where !pace.isStopped() {
      lanes.append(try measure(subject, seconds: Int(minutes * 60), limit: limit))
    }
    return MemoryFigures(lanes: lanes, minutes: minutes, limit: limit)
  }

  private func measure(
    _ subject: Subject, seconds: Int, limit: Double
  ) throws -> MemoryFigures.Lane {
    let rate = subject.lane.frontEnd.sampleRate
    let speech = try StudyRecording(files.recording("speech.flac"), limit: Int(limit) * rate)
    guard subject.lane.frontEnd.channels == 1, speech.rate == rate else {
      throw ModelFileError(
        .usage, path: subject.name,
        reason: "an input of \(rate) Hz with \(subject.lane.frontEnd.channels) channels: the row "
          + "of memory "
          + "needs one of 16000 Hz with one")
    }
    let fresh = outputs(of: subject, after: nil, then: speech.samples).outputs
    var norms: [StudyChart.Point] = []
    var forgetting: [MemoryFigures.Forgetting] = []
    for disturbance in Disturbance.allCases where !pace.isStopped() {
      let before = try disturbance.samples(seconds: seconds, rate: rate, files)
      let heard = outputs(of: subject, after: before, then: speech.samples)
      if disturbance == .noise { norms = heard.norms }
      forgetting.append(
        self.forgetting(disturbance.rawValue, heard.outputs, fresh, subject.lane))
    }
    return MemoryFigures.Lane(
      subject.name, isRecurrent: subject.lane.model.leftContext == nil, window: subject.window,
      forgetting: forgetting, norms: norms)
  }

  /// The outputs over the recording, and the norms of the state while it heard what came before.
  private func outputs(
    of subject: Subject, after before: [Float]?, then recording: [Float]
  ) -> (outputs: [Float], norms: [StudyChart.Point]) {
    let frontEnd = subject.lane.frontEnd
    let frames = StudyStream(frontEnd.makeStream())
    let model = StudyStream(subject.lane.model)
    var norms: [StudyChart.Point] = []
    if let before {
      // So that the recording begins at a frame, and a chunk, of its own, as it does for a fresh
      // lane.
      let step = frontEnd.hop * subject.lane.model.chunkSize
      let count = before.count / step * step
      let part = max(step, count / 24 / step * step)
      for start in stride(from: 0, to: count, by: part) {
        let end = min(count, start + part)
        _ = model.outputs(frames.outputs(Array(before[start..<end])))
        if let norm = model.stateNorm {
          norms.append(
            StudyChart.Point(
              Double(end) / Double(frontEnd.sampleRate) / 60, Estimate(value: norm)))
        }
      }
    }
    return (model.outputs(frames.outputs(recording)), norms)
  }

  /// When the outputs came to be those of the fresh lane, for good.
  private func forgetting(
    _ name: String, _ heard: [Float], _ fresh: [Float], _ lane: LaneSetup
  ) -> MemoryFigures.Forgetting {
    let size = lane.model.outputSize
    // The disturbed lane had frames whose windows reached into the recording; a fresh one lacks
    // them.
    let count = min(heard.count, fresh.count) / size
    let (heard, fresh) = (heard.suffix(count * size), fresh.suffix(count * size))
    let differences = zip(heard, fresh).map { abs($0 - $1) }
    func time(within tolerance: Float) -> Double? {
      let last = differences.lastIndex { !($0 <= tolerance) }.map { $0 / size + 1 } ?? 0
      // Some seconds at the end must agree, or nothing is known.
      let rest = count - last
      guard Double(rest) * period(of: lane) >= 2 else { return nil }
      return Double(last) * period(of: lane)
    }
    return MemoryFigures.Forgetting(
      disturbance: name, near: time(within: 0.01), exact: time(within: 1e-5))
  }

  private func period(of lane: LaneSetup) -> Double {
    Double(lane.frontEnd.hop) / Double(lane.frontEnd.sampleRate)
  }
}

/// What lanes hear before the recording.
private enum Disturbance: String, CaseIterable {
  case noise
  case silence
  case hum
  case speech = "other speech"

  func samples(seconds: Int, rate: Int, _ files: StudyFiles) throws -> [Float] {
    let count = seconds * rate
    switch self {
    case .noise:
      var generator = SplitMix64(seed: 3)
      return (0..<count).map { _ in
        Float(Int32(truncatingIfNeeded: generator.next() >> 32)) / 2_147_483_648 * 0.1
      }
    case .silence: return [Float](repeating: 0, count: count)
    case .hum:
      return (0..<count).map { index in
        let turn = 2 * Double.pi * 50 * Double(index) / Double(rate)
        return Float(0.1 * sin(turn) + 0.05 * sin(2 * turn) + 0.03 * sin(3 * turn))
      }
    case .speech:
      let other = try StudyRecording(files.recording("recognition.flac")).samples
      return (0..<count).map { other[$0 % other.count] }
    }
  }
}
