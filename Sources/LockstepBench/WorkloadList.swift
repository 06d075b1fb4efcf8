import Foundation
import LaneRunner
import ModelFiles
import StreamCore

/// Something measured: a call in one precision, and what it cannot do without.
struct Workload {
  /// As docs/benchmarks.md names it: `L1`, `T1c4`, `T1c4+kv=bf16`, `L2x64`, `lane-speech-lstm`,
  /// `path-48k`, `path-48k/mix`.
  let name: String
  let precision: Precision
  /// Nil where no keys and values are kept.
  let kvPrecision: KVPrecision?
  let framesPerCall: Int
  let streams: Int
  /// Nil of a path through a lane, which is no model's call.
  let demand: CallDemand?
  /// What of a path it is; nil for a model's call.
  var place: PathPlace?
  let makeCall: () throws -> any TimedCall

  /// The name without the precision of keys and values or the part of a path, which `--workload` also takes.
  var row: String { Self.row(of: name) }

  static func row(of name: String) -> String { String(name.prefix { $0 != "+" && $0 != "/" }) }
}

/// Everything that the bench can measure, in the order of the table.
struct WorkloadList {
  private(set) var workloads: [Workload] = []
  /// Default lanes that have no model file.
  private(set) var missing: [String] = []
  private let store = BenchModelStore()

  /// Only what `isWanted` says by the row's name and precision is made.
  init(isWanted: (_ row: String, _ precision: Precision) -> Bool) throws {
    for kind in Self.models {
      for (row, chunk) in try Self.rows(of: kind) {
        for precision in Precision.allCases where isWanted(row, precision) {
          try add(kind, row, chunkSize: chunk, precision: precision)
        }
      }
    }
    for kind in Self.models {
      for (row, streams) in try Self.batches(of: kind) {
        for precision in Precision.allCases where isWanted(row, precision) {
          try add(kind, row, chunkSize: 1, precision: precision, streams: streams)
        }
      }
    }
    for kind in Self.models {
      for (row, direction) in Self.states(of: kind) where isWanted(row, .f32) {
        try addState(kind, row, direction)
      }
    }
    store.finish()
    for name in Self.lanes {
      for precision in Precision.allCases {
        try addLane(name, precision: precision, isWanted: isWanted)
      }
    }
    for recording in BenchRecording.all where isWanted(recording.row, .f32) {
      try addPath(recording)
    }
    for (row, call) in ResamplerCall.rows where isWanted(row, .f32) {
      workloads.append(
        Workload(
          name: row, precision: .f32, kvPrecision: nil, framesPerCall: 1, streams: 1,
          demand: nil, makeCall: { try ResamplerCall(call) }))
    }
  }

  /// The model, and, where it keeps keys and values, once more with reduced ones. A single stream
  /// reduces them with its weights only.
  private mutating func add(
    _ kind: BenchModel, _ row: String, chunkSize: Int, precision: Precision, streams: Int = 1
  ) throws {
    let hasChunks = try kind.configuration().hasChunks
    for kvPrecision in hasChunks ? KVPrecision.allCases : [.f32]
    where kvPrecision == .f32 || precision != .f32 || streams > 1 {
      let options = ModelOptions(
        chunkSize: hasChunks ? chunkSize : nil, precision: precision, kvPrecision: kvPrecision)
      let model = try store.model(kind, options: options)
      workloads.append(
        Workload(
          name: row + (kvPrecision == .f32 ? "" : "+kv=\(kvPrecision.rawValue)"),
          precision: precision, kvPrecision: hasChunks ? kvPrecision : nil,
          framesPerCall: chunkSize, streams: streams,
          demand: model.callDemand(frames: chunkSize, streams: streams),
          makeCall: { ModelCall(model: model, frames: chunkSize, streams: streams) }))
    }
  }

  /// The state of one stream, which is read once and written once.
  private mutating func addState(
    _ kind: BenchModel, _ row: String, _ direction: StateCall.Direction
  ) throws {
    let hasChunks = try kind.configuration().hasChunks
    let model = try store.model(
      kind, options: ModelOptions(chunkSize: hasChunks ? 1 : nil, precision: .f32))
    var demand = CallDemand()
    demand.bytes = StateCall.byteCount(of: model)
    workloads.append(
      Workload(
        name: row, precision: .f32, kvPrecision: hasChunks ? .f32 : nil, framesPerCall: 1,
        streams: 1, demand: demand, makeCall: { StateCall(direction, model: model) }))
  }

  /// The lane, whose floor is its model's alone, and its model alone.
  private mutating func addLane(
    _ name: String, precision: Precision, isWanted: (String, Precision) -> Bool
  ) throws {
    let rows = ["lane-\(name)", "model-\(name)"].filter { isWanted($0, precision) }
    guard !rows.isEmpty else { return }
    guard let file = try modelFile(name, precision: precision) else { return }
    let frames = file.model.chunkSize
    let demand = file.model.callDemand(frames: frames, streams: 1)
    for row in rows {
      workloads.append(
        Workload(
          name: row, precision: precision, kvPrecision: file.kvPrecision, framesPerCall: frames,
          streams: 1, demand: demand,
          makeCall: {
            if row.hasPrefix("lane") { return LaneCall(file) }
            return ModelCall(model: file.model, frames: frames, streams: 1)
          }))
    }
  }

  /// A recording's way through its lane, and each part of it.
  private mutating func addPath(_ recording: BenchRecording) throws {
    guard let file = try modelFile(recording.model, precision: .f32) else { return }
    let path = try LanePath(recording, file)
    for part in [nil] + path.parts {
      workloads.append(
        Workload(
          name: recording.row + (part.map { "/\($0.rawValue)" } ?? ""), precision: .f32,
          kvPrecision: nil, framesPerCall: path.framesPerCall, streams: 1,
          demand: nil, place: PathPlace(part: part), makeCall: { try path.makeCall(part) }))
    }
  }

  /// A default model; nil, and missing, where there is no file of it.
  private mutating func modelFile(_ name: String, precision: Precision) throws -> ModelFile? {
    let paths = ModelDirectories.all.map { "\($0)/\(name).safetensors" }
    guard let path = paths.first(where: FileManager.default.fileExists) else {
      if !missing.contains(name) { missing.append(name) }
      return nil
    }
    return try ModelFile(contentsOf: path, precision: precision)
  }

  /// Every size of every family.
  static var models: [BenchModel] { ModelFamily.all.flatMap(\.benchModels) }

  private static let lanes = [
    "speech-lstm", "speech-transformer", "activity-lstm", "activity-transformer",
  ]

  /// The rows of one stream, a row for each chunk size where there are chunks: `L1`, `T1c4`.
  private static func rows(of kind: BenchModel) throws -> [(name: String, chunkSize: Int)] {
    try kind.configuration().hasChunks
      ? [1, 4, 16].map { ("\(kind.name)c\($0)", $0) } : [(kind.name, 1)]
  }

  /// The rows of many streams: `L2x64`, `T2c1x64`.
  private static func batches(of kind: BenchModel) throws -> [(name: String, streams: Int)] {
    let single = try rows(of: kind)[0].name
    return kind.streamCounts.filter { $0 > 1 }.map { ("\(single)x\($0)", $0) }
  }

  /// The rows of a state: `save-T1`, `restore-T1`.
  private static func states(
    of kind: BenchModel
  ) -> [(name: String, direction: StateCall.Direction)] {
    StateCall.Direction.allCases.map { ("\($0.rawValue)-\(kind.name)", $0) }
  }

  /// Every row's name without its precisions, for messages. Lanes may lack their file.
  static func rows() throws -> [String] {
    var rows: [String] = []
    for kind in models { rows += try Self.rows(of: kind).map(\.name) }
    for kind in models { rows += try batches(of: kind).map(\.name) }
    for kind in models { rows += states(of: kind).map(\.name) }
    for lane in lanes { rows += ["lane-\(lane)", "model-\(lane)"] }
    return rows + BenchRecording.all.map(\.row) + ResamplerCall.rows.map(\.row)
  }
}
