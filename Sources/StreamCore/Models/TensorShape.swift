/// A tensor that a model needs: its name in the model file and its exact shape, row major.
public struct TensorShape: Sendable, Equatable {
  public let name: String
  public let shape: [Int]

  public init(_ name: String, _ shape: [Int]) {
    self.name = name
    self.shape = shape
  }

  /// Number of values.
  public var count: Int { shape.reduce(1, *) }
}
