import Foundation
import ModelFiles
import StreamCore

/// Everything that the bench can measure, in the order of the table.
struct WorkloadList {
  private(set) var workloads: [Workload] = []
  /// Default lanes that have no model file.
  private(set) var missing: [String] = []
  private let store = BenchModelStore()

  /// Only what `isWanted` says by family name and precision is made.
  init(isWanted: (_ family: String, _ precision: Precision) -> Bool) throws {
    let precisions = Precision.allCases
    for kind in BenchModel.allCases {
      for chunk in kind.isTransformer ? [1, 4, 16] : [1] {
        let family = kind.isTransformer ? "\(kind.rawValue)c\(chunk)" : kind.rawValue
        for precision in precisions where isWanted(family, precision) {
          try add(kind, family, precision: precision, frames: chunk)
          // A reduced KV cache goes with reduced weights.
          if kind.isTransformer && precision != .f32 {
            try add(kind, family, precision: precision, kvPrecision: .bf16, frames: chunk)
          }
        }
      }
    }
    for precision in precisions where isWanted("L2x64", precision) {
      try add(.l2, "L2x64", precision: precision, frames: 1, streams: 64)
    }
    for precision in precisions where isWanted("T2c1x64", precision) {
      for kvPrecision in KVPrecision.allCases {
        try add(
          .t2, "T2c1x64", precision: precision, kvPrecision: kvPrecision, frames: 1, streams: 64)
      }
    }
    store.finish()
    for name in ["speech-lstm", "speech-transformer", "activity-lstm", "activity-transformer"] {
      for precision in precisions { try addLane(name, precision: precision, isWanted: isWanted) }
    }
  }

  private mutating func add(
    _ kind: BenchModel, _ family: String, precision: Precision, kvPrecision: KVPrecision = .f32,
    frames: Int, streams: Int = 1
  ) throws {
    let model = try store.model(
      kind, precision: precision, chunkSize: frames, kvPrecision: kvPrecision)
    workloads.append(
      Workload(
        name: family + (kvPrecision == .f32 ? "" : "+kv=\(kvPrecision.rawValue)"),
        precision: precision, kvPrecision: kind.isTransformer ? kvPrecision : nil,
        framesPerCall: frames, streams: streams,
        demand: CallDemand(
          try kind.configuration(chunkSize: frames), precision: precision,
          kvPrecision: kvPrecision, frames: frames, streams: streams),
        makeCall: { ModelCall(model: model, frames: frames, streams: streams) }))
  }

  /// The lane, whose floor is its model's alone, and its model alone.
  private mutating func addLane(
    _ name: String, precision: Precision, isWanted: (String, Precision) -> Bool
  ) throws {
    let lane = isWanted("lane-\(name)", precision)
    let model = isWanted("model-\(name)", precision)
    guard lane || model else { return }
    let path = Self.modelDirectory.appending(path: name + ".safetensors").path
    guard FileManager.default.fileExists(atPath: path) else {
      if !missing.contains(name) { missing.append(name) }
      return
    }
    let file = try ModelFile(contentsOf: path, precision: precision)
    let frames = file.model.chunkSize
    let demand = CallDemand(
      file.configuration, precision: precision, kvPrecision: .f32, frames: frames)
    var kvPrecision: KVPrecision?
    if case .streamingTransformer = file.model { kvPrecision = .f32 }
    if lane {
      workloads.append(
        Workload(
          name: "lane-\(name)", precision: precision, kvPrecision: kvPrecision,
          framesPerCall: frames, streams: 1, demand: demand, makeCall: { LaneCall(file) }))
    }
    if model {
      workloads.append(
        Workload(
          name: "model-\(name)", precision: precision, kvPrecision: kvPrecision,
          framesPerCall: frames, streams: 1, demand: demand,
          makeCall: { ModelCall(model: file.model, frames: frames, streams: 1) }))
    }
  }

  /// Every family name, for messages. Lanes may lack their file.
  static var families: [String] {
    BenchModel.allCases.flatMap { kind in
      kind.isTransformer ? [1, 4, 16].map { "\(kind.rawValue)c\($0)" } : [kind.rawValue]
    } + ["L2x64", "T2c1x64"]
      + ["speech-lstm", "speech-transformer", "activity-lstm", "activity-transformer"].flatMap {
        ["lane-\($0)", "model-\($0)"]
      }
  }

  /// `$LOCKSTEP_MODELS`, or the samples of the package that this was built in.
  private static var modelDirectory: URL {
    if let chosen = ProcessInfo.processInfo.environment["LOCKSTEP_MODELS"], !chosen.isEmpty {
      return URL(filePath: chosen)
    }
    return URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "samples/models")
  }
}
