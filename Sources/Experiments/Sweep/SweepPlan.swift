import LaneRunner
import LatencyLog
import ModelFiles
import StreamCore

/// The points of a sweep, read and checked, and what was left out of it.
public struct SweepPlan: Sendable {
  /// One point: what it is, and its lane.
  struct Point: Sendable {
    let setting: SweepSetting
    let lane: LaneSetup
  }

  let points: [Point]
  /// Why combinations were left out: a sentence for each reason.
  public let refusals: [String]

  /// Reads each model once a point, so that all are in memory before the first run.
  ///
  /// Throws what is wrong with a file, `usage` where a model does not allow its own chunk or left context,
  /// and the first refusal where no model allows any point.
  public init(_ models: [SweepModel], axes: SweepAxes) throws(ModelFileError) {
    var points: [Point] = []
    var refusals: [ModelFileError] = []
    for model in models {
      let own = try ModelFile(
        contentsOf: model.path, chunkSize: model.chunkSize, leftContext: model.leftContext)
      for combination in model.combinations(of: axes, own.configuration) {
        do throws(ModelFileError) {
          points.append(try Self.point(model, combination))
        } catch {
          guard error.kind == .usage else { throw error }
          if !refusals.contains(error) { refusals.append(error) }
        }
      }
    }
    if points.isEmpty, let refusal = refusals.first { throw refusal }
    self.points = points
    self.refusals = refusals.map(\.description)
  }

  /// How many points there are.
  public var count: Int { points.count }

  /// Samples a second of the first point's model.
  public var sampleRate: Int? { points.first?.lane.frontEnd.sampleRate }

  private static func point(
    _ model: SweepModel, _ setting: (chunkSize: Int?, leftContext: Int?, precision: Precision)
  ) throws(ModelFileError) -> Point {
    let file = try ModelFile(
      contentsOf: model.path, chunkSize: setting.chunkSize, leftContext: setting.leftContext,
      precision: setting.precision, kvPrecision: model.kvPrecision)
    let setting = SweepSetting(
      model: model.name, path: model.path, chunkSize: setting.chunkSize,
      leftContext: setting.leftContext, precision: setting.precision.rawValue,
      parameters: file.parameterCount)
    return Point(setting: setting, lane: LaneSetup(name: setting.name, file: file))
  }
}
