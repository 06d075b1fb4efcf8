import Foundation
import ModelFiles
import Results
import StreamCore

/// Counts what a frame costs, and times it.
struct EfficiencyStudy {
  private let files: StudyFiles
  private let pace: StudyPace
  private let limits: MachineLimits?

  init(_ files: StudyFiles, _ pace: StudyPace, _ limits: MachineLimits?) {
    self.limits = limits
    self.files = files
    self.pace = pace
  }

  func figures() throws -> EfficiencyFigures {
    EfficiencyFigures(models: try models(), windows: try windows())
  }

  private func models() throws -> [EfficiencyFigures.Model] {
    let subjects: [(name: String, file: ModelFile)] = try [
      ("LSTM", "lstm", nil), ("GRU", "gru", nil), ("minGRU", "min_gru", nil),
      ("Transformer, chunk 1", "transformer", 1),
      ("Transformer, chunk 16", "transformer", 16),
    ].map { ($0, try ModelFile(contentsOf: files.recognition($1), chunkSize: $2)) }
    let demands = subjects.map {
      $0.file.model.callDemand(frames: $0.file.model.chunkSize, streams: 1)
    }
    guard let limits else { return [] }
    let meter = EnergyMeter()
    let calls = subjects.map { StudyCall($0.file.model, frames: $0.file.model.chunkSize) }
    var energies = subjects.map { _ in [Double]() }
    let times = StudyClock.rounds(
      pace.rounds,
      zip(subjects.indices, calls).map { index, call in
        {
          limits.measureCompute()
          let frames = Double(subjects[index].file.model.chunkSize)
          let before = meter?.joules()
          var count = 0.0
          let time = StudyClock.timePerCall(atLeast: meter == nil ? 2e7 : 2e8) {
            call.run()
            count += 1
          }
          if let before, let after = meter?.joules(), after > before {
            energies[index].append((after - before) / (count * frames))
          }
          return time / frames
        }
      })
    let peak = limits.peak(.f32)
    return subjects.indices.map { index in
      let model = subjects[index].file.model
      let operations = Double(2 * model.multiplyAddsPerFrame)
      return EfficiencyFigures.Model(
        subjects[index].name, isRecurrent: model.leftContext == nil,
        operations: model.multiplyAddsPerFrame,
        bytes: Double(demands[index].bytes) / Double(model.chunkSize), time: times[index],
        shareOfPeak: times[index].map { operations / $0 / peak },
        energy: Estimate(medianOf: energies[index].map { $0 }))
    }
  }

  /// A Transformer of the recogniser's sizes with windows of its own.
  private func windows() throws -> [StudyChart.Point] {
    let file = try ModelFile(contentsOf: files.recognition("transformer"))
    guard let c = file.configuration as? StreamingTransformer.Configuration else { return [] }
    let lengths = pace.isQuick ? [16, 64, 256, 1_024] : [16, 64, 256, 1_024, 4_096]
    let calls = try lengths.map { length in
      StudyCall(
        try StreamingTransformer.untrained(like: c, chunk: 1, leftContext: length - 1))
    }
    let times = StudyClock.rounds(
      pace.rounds, calls.map { call in { StudyClock.timePerCall(atLeast: 1e7) { call.run() } } })
    return zip(lengths, times).map { StudyChart.Point(Double($0), $1) }
  }
}

/// The processor's own count of energy, of the whole package; nil where there is none or it may
/// not be read.
private struct EnergyMeter {
  private let path: String

  init?() {
    let root = "/sys/class/powercap"
    let zones = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    let package = zones.sorted().first { zone in
      (try? String(contentsOfFile: "\(root)/\(zone)/name", encoding: .utf8))?
        .hasPrefix("package") ?? false
    }
    guard let package else { return nil }
    path = "\(root)/\(package)/energy_uj"
    if joules() == nil { return nil }
  }

  func joules() -> Double? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8),
      let value = Double(text.trimmingCharacters(in: .whitespacesAndNewlines))
    else { return nil }
    return value / 1e6
  }
}
