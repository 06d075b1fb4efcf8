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

  /// Bytes that loading the tensor takes at most: its values, and those packed for the kernels.
  package func loadedBytes(precision: Precision) -> Int {
    let values = count * MemoryLayout<Float>.stride
    guard shape.count > 1, count > 0 else { return 2 * values }
    // Gates are packed in groups of 16 units, at most four of them beside each other.
    let rows = (shape[0] + 63) / 64 * 64
    return values
      + PackedMatrix.byteCount(
        rowCount: rows, columnCount: count / shape[0],
        precision: name == "head.weight" ? .f32 : precision)
  }
}

/// The tensors of a model by name, all there and of the right size.
struct NamedTensors {
  private let tensors: [String: [Float]]
  /// Where the matrices are packed, all in one block.
  let arena: WeightArena
  let precision: Precision

  /// `packedRowCount` is how many rows a tensor of weights takes when it is packed; `extraBytes` the arena
  /// has for matrices that are no tensors.
  init(
    _ tensors: [String: [Float]], expected: [TensorShape], precision: Precision,
    packedRowCount: (TensorShape) -> Int = { $0.shape[0] },
    extraBytes: Int = 0
  ) {
    // Never too small: rows and columns of joined tensors are padded once, here each.
    arena = WeightArena(
      byteCount: expected.filter { $0.shape.count > 1 }.reduce(extraBytes) {
        $0
          + PackedMatrix.byteCount(
            rowCount: packedRowCount($1), columnCount: $1.count / $1.shape[0],
            precision: $1.name == "head.weight" ? .f32 : precision)
      })
    self.precision = precision
    for tensor in expected {
      precondition(
        tensors[tensor.name]?.count == tensor.count,
        "tensor \(tensor.name) must have \(tensor.count) values")
    }
    self.tensors = tensors
  }

  subscript(name: String) -> [Float] {
    guard let values = tensors[name] else { preconditionFailure("no tensor \(name)") }
    return values
  }

  /// As `torch.nn.Linear`; `precision`, if given, is this layer's own.
  func linear(
    _ name: String, from inputSize: Int, to outputSize: Int, precision own: Precision? = nil
  ) -> PackedMatrix {
    PackedMatrix(
      rowCount: outputSize, columnCount: inputSize, weights: self[name + ".weight"],
      bias: self[name + ".bias"], precision: own ?? precision, arena: arena)
  }

  /// A norm; one without a bias is an RMS norm.
  func norm(_ name: String) -> Norm {
    Norm(
      gain: FloatBuffer(self[name + ".weight"]), bias: tensors[name + ".bias"].map(FloatBuffer.init)
    )
  }
}

/// A norm over the last axis, as `torch.nn.LayerNorm`, or without a bias as `torch.nn.RMSNorm`. Gain
/// and bias `[size]`.
struct Norm: Sendable {
  let gain: FloatBuffer
  let bias: FloatBuffer?

  var byteCount: Int { gain.byteCount + (bias?.byteCount ?? 0) }
}
