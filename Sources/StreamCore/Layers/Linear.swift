/// y = W x + b, as `torch.nn.Linear`. Weights `[outputs, inputs]`, bias `[outputs]`.
struct Linear: Sendable {
  let matrix: PackedMatrix

  var inputSize: Int { matrix.columnCount }
  var outputSize: Int { matrix.rowCount }

  init(
    weights: [Float], bias: [Float], inputSize: Int, outputSize: Int,
    precision: Precision = .f32, arena: WeightArena? = nil
  ) {
    matrix = PackedMatrix(
      rowCount: outputSize, columnCount: inputSize, weights: weights, bias: bias,
      precision: precision, arena: arena)
  }
}
