/// What a point of a sweep is made of: a model, and how it runs.
public struct SweepSetting: Sendable, Equatable {
  /// The model's name, the same for all its points.
  public var model: String
  /// Its file, as it was given.
  public var path: String
  /// Frames a call; nil for an architecture without chunks, as `leftContext`.
  public var chunkSize: Int?
  /// Frames before the chunk that attention sees.
  public var leftContext: Int?
  /// Of the weights in the kernels.
  public var precision: String
  /// Values in the model's tensors.
  public var parameters: Int

  public init(
    model: String, path: String, chunkSize: Int?, leftContext: Int?, precision: String,
    parameters: Int
  ) {
    self.model = model
    self.path = path
    self.chunkSize = chunkSize
    self.leftContext = leftContext
    self.precision = precision
    self.parameters = parameters
  }

  /// The point's name, in the words of `--model`: `speech-transformer,chunk=4,left-context=128,precision=f32`.
  public var name: String {
    var parts = [model]
    if let chunkSize { parts.append("chunk=\(chunkSize)") }
    if let leftContext { parts.append("left-context=\(leftContext)") }
    parts.append("precision=\(precision)")
    return parts.joined(separator: ",")
  }

  /// Whether nothing but the chunk tells two points apart.
  func differsInChunkOnly(from other: SweepSetting) -> Bool {
    var same = other
    same.chunkSize = chunkSize
    return same == self && other.chunkSize != chunkSize
  }
}
