import ModelFiles
import StreamCore

/// A model of a sweep: a point for each combination of the axes that it allows.
public struct SweepModel: Sendable, Equatable {
  /// Unique among the models of a sweep.
  public var name: String
  public var path: String
  /// In place of the axis, where given; as `leftContext` and `precision`.
  public var chunkSize: Int?
  public var leftContext: Int?
  public var precision: Precision?
  public var kvPrecision: KVPrecision

  public init(
    name: String, path: String, chunkSize: Int? = nil, leftContext: Int? = nil,
    precision: Precision? = nil, kvPrecision: KVPrecision = .f32
  ) {
    self.name = name
    self.path = path
    self.chunkSize = chunkSize
    self.leftContext = leftContext
    self.precision = precision
    self.kvPrecision = kvPrecision
  }

  /// The combinations to try, each of which the model may still refuse.
  func combinations(
    of axes: SweepAxes, _ configuration: ModelConfiguration
  ) -> [(chunkSize: Int?, leftContext: Int?, precision: Precision)] {
    let precisions = precision.map { [$0] } ?? axes.precisions
    guard case .streamingTransformer(let configuration) = configuration else {
      return precisions.map { (nil, nil, $0) }
    }
    let chunkSizes = chunkSize.map { [$0] } ?? axes.chunkSizes ?? Self.usual(configuration)
    let contexts =
      leftContext.map { [$0] } ?? axes.leftContexts ?? [configuration.leftContext]
    return chunkSizes.flatMap { chunkSize in
      contexts.flatMap { leftContext in precisions.map { (chunkSize, leftContext, $0) } }
    }
  }

  private static func usual(_ configuration: StreamingTransformer.Configuration) -> [Int] {
    let allowed = SweepAxes.usualChunkSizes.filter {
      (try? configuration.with(chunkSize: $0)) != nil
    }
    return allowed.isEmpty ? [configuration.chunkSize] : allowed
  }
}
