import LaneRunner
import ModelFiles
import Results
import StreamCore
import StreamIO

/// The points of a sweep, read and checked, and what was left out of it.
public struct SweepPlan: Sendable {
  /// One point: what it is, and its lane.
  struct Point: Sendable {
    let setting: SweepSetting
    let lane: LaneSetup
  }

  let points: [Point]
  /// What reading the files took for granted.
  private let fileNotes: [String]
  /// Why combinations were left out: a sentence for each reason.
  public let refusals: [String]

  /// Reads each model once a point, so that all are in memory before the first run.
  ///
  /// Throws what is wrong with a file, `usage` where a model does not allow its own chunk or left context,
  /// and the first refusal where no model allows any point.
  ///
  /// `deadline` in nanoseconds is every point's; nil for each one's own. `onnxRuntime` is the library for
  /// ONNX files; nil for where it is looked for. `memoryLimit` is of each point's weights and of its state.
  public init(
    _ models: [ModelChoice], axes: SweepAxes, deadline: Int64? = nil,
    onnxRuntime: String? = nil, memoryLimit: Int = .max
  ) throws(ModelFileError) {
    var points: [Point] = []
    var fileNotes: [String] = []
    var refusals: [ModelFileError] = []
    for model in models {
      let own = try LaneFile(
        contentsOf: model.path,
        options: ModelOptions(
          chunkSize: model.chunkSize, leftContext: model.leftContext, memoryLimit: memoryLimit),
        onnxRuntime: onnxRuntime)
      if let note = own.note { fileNotes.append(note) }
      for combination in model.combinations(of: axes, own) {
        do throws(ModelFileError) {
          points.append(
            try Self.point(
              model, combination, deadline: deadline, onnxRuntime: onnxRuntime,
              memoryLimit: memoryLimit))
        } catch {
          guard error.kind == .usage else { throw error }
          if !refusals.contains(error) { refusals.append(error) }
        }
      }
    }
    if points.isEmpty, let refusal = refusals.first { throw refusal }
    self.points = points
    self.fileNotes = fileNotes
    self.refusals = refusals.map(\.description)
  }

  /// What reading the files and finding the points' channels in a recording take for granted, a sentence
  /// each, for people. Throws `badData` where one does not find them.
  public func notes(on source: any SampleSource, channel: Int?) throws(SourceError) -> [String] {
    try fileNotes + ColumnMatch(source, lanes: points.map(\.lane), channel: channel).notes
  }

  /// The names that requirements may use: the models', and the points'.
  public var names: [String] { points.flatMap { [$0.setting.model, $0.setting.name] } }

  /// What all points are judged by where there are labels; nil where they are of several kinds.
  public var merit: SweepFront.Merit? {
    let lanes = points.map(\.lane)
    if lanes.allSatisfy({ $0.tokens != nil }) { return .tokenErrorRate }
    guard lanes.allSatisfy({ $0.tokens == nil }) else { return nil }
    return lanes.allSatisfy { $0.labels.count == 1 } ? .auc : .accuracy
  }

  /// How many points there are.
  public var count: Int { points.count }

  private static func point(
    _ model: ModelChoice, _ setting: (chunkSize: Int?, leftContext: Int?, precision: Precision),
    deadline: Int64?, onnxRuntime: String?, memoryLimit: Int
  ) throws(ModelFileError) -> Point {
    let file = try LaneFile(
      contentsOf: model.path,
      options: ModelOptions(
        chunkSize: setting.chunkSize, leftContext: setting.leftContext,
        precision: setting.precision, kvPrecision: model.kvPrecision,
        memoryLimit: memoryLimit),
      onnxRuntime: onnxRuntime)
    var setting = SweepSetting(
      model: model.name, path: model.path, chunkSize: setting.chunkSize,
      leftContext: setting.leftContext, precision: setting.precision.rawValue,
      parameters: file.parameterCount)
    var lane = file.lane(name: setting.name, deadline: deadline)
    if let beam = model.beam {
      guard lane.tokens != nil else {
        throw ModelFileError(
          .usage, path: model.path,
          reason: "a beam: it gives no tokens, expected a model of kind ctc")
      }
      lane.tokens?.beam = beam
    }
    setting.precision = lane.precision
    return Point(setting: setting, lane: lane)
  }
}

/// What a sweep goes over, for every model that does not bring its own.
public struct SweepAxes: Sendable, Equatable {
  /// Frames a call; nil for the usual ones as far as a model allows them. An LSTM has none.
  public var chunkSizes: [Int]?
  /// Frames before the chunk; nil for the model's own. An LSTM has none.
  public var leftContexts: [Int]?
  public var precisions: [Precision]

  /// A frame at a time, and the two sizes that people try first.
  public static let usualChunkSizes = [1, 4, 16]

  public init(
    chunkSizes: [Int]? = nil, leftContexts: [Int]? = nil, precisions: [Precision] = [.f32]
  ) {
    self.chunkSizes = chunkSizes
    self.leftContexts = leftContexts
    self.precisions = precisions
  }
}

/// A model of a sweep: a point for each combination of the axes that it allows.
public struct ModelChoice: Sendable, Equatable {
  /// Unique among the models of a sweep.
  public var name: String
  public var path: String
  /// In place of the axis, where given; as `leftContext` and `precision`.
  public var chunkSize: Int?
  public var leftContext: Int?
  public var precision: Precision?
  public var kvPrecision: KVPrecision
  /// Prefixes that the search for tokens keeps; nil for what the run says, or none.
  public var beam: Int?

  public init(
    name: String, path: String, chunkSize: Int? = nil, leftContext: Int? = nil,
    precision: Precision? = nil, kvPrecision: KVPrecision = .f32, beam: Int? = nil
  ) {
    self.name = name
    self.path = path
    self.chunkSize = chunkSize
    self.leftContext = leftContext
    self.precision = precision
    self.kvPrecision = kvPrecision
    self.beam = beam
  }

  /// The combinations to try, each of which the model may still refuse.
  func combinations(
    of axes: SweepAxes, _ file: LaneFile
  ) -> [(chunkSize: Int?, leftContext: Int?, precision: Precision)] {
    let precisions = precision.map { [$0] } ?? axes.precisions
    guard file.hasChunks else { return precisions.map { (nil, nil, $0) } }
    let chunkSizes = chunkSize.map { [$0] } ?? axes.chunkSizes ?? Self.usual(file)
    let contexts =
      leftContext.map { [$0] } ?? axes.leftContexts ?? [file.model.leftContext ?? 0]
    return chunkSizes.flatMap { chunkSize in
      contexts.flatMap { leftContext in precisions.map { (chunkSize, leftContext, $0) } }
    }
  }

  private static func usual(_ file: LaneFile) -> [Int] {
    let allowed = SweepAxes.usualChunkSizes.filter(file.allows(chunkSize:))
    return allowed.isEmpty ? [file.model.chunkSize] : allowed
  }
}
