import ModelFiles
import ONNXLanes
import StreamCore

/// The models of a run as they were read: lanes that load the same bytes alike share one model, so that
/// its weights are in memory once. Each lane's streams stay its own.
package struct SharedModels {
  /// What a file is asked for with.
  private struct Request: Hashable {
    var path: String
    var chunkSize: Int?
    var leftContext: Int?
    var precision: Precision
    var kvPrecision: KVPrecision?
  }

  /// What makes two models the same, whatever their files are called.
  private struct Content: Hashable {
    var sha256: String
    var chunkSize: Int
    var leftContext: Int?
    var precision: String
    var kv: String?
  }

  private var files: [Request: LaneFile] = [:]
  private var models: [Content: (model: any StreamingModel, frontEnd: any FrontEnd)] = [:]
  /// Whether the newest file was read for the first time.
  package private(set) var isNew = false

  package init() {}

  /// A model's file, read once for all that ask for it alike, but for an ONNX file. Throws as `LaneFile` does.
  package mutating func file(
    _ path: String, options: ModelOptions, onnxRuntime: String?
  ) throws(ModelFileError) -> LaneFile {
    let request = Request(
      path: path, chunkSize: options.chunkSize, leftContext: options.leftContext,
      precision: options.precision, kvPrecision: options.kvPrecision)
    // What goes wrong in a call of an ONNX model is kept with it: one a lane.
    if let file = files[request], !ONNXFile.isONNX(path) {
      isNew = false
      return file
    }
    let file = try LaneFile(contentsOf: path, options: options, onnxRuntime: onnxRuntime)
    files[request] = file
    isNew = true
    return file
  }

  /// A lane of a file, with the model of the first lane whose file has the same content; an ONNX file's is
  /// its own.
  package mutating func lane(name: String, file: LaneFile, deadline: Int64?) -> LaneSetup {
    var lane = file.lane(name: name, deadline: deadline)
    guard let sha256 = lane.origin?.sha256, lane.architecture != "onnx" else { return lane }
    let content = Content(
      sha256: sha256, chunkSize: lane.model.chunkSize, leftContext: lane.model.leftContext,
      precision: lane.precision, kv: lane.kv)
    if let shared = models[content] {
      (lane.model, lane.frontEnd) = shared
    } else {
      models[content] = (lane.model, lane.frontEnd)
    }
    return lane
  }
}
