/// A matrix of weights `[rows, columns]` and its bias, packed once at load for the kernels.
///
/// Rows (outputs) are grouped in panels of 32: `[rows / 32][columns][32]`, the last panel filled with
/// zeros, so that a product reads the weights as one linear stream.
struct PackedMatrix: Sendable {
  static let panelWidth = 32

  /// Outputs of the product.
  let rowCount: Int
  /// Inputs of the product.
  let columnCount: Int
  let panels: FloatBuffer
  /// `[rows]`, filled to whole panels.
  let bias: FloatBuffer

  /// Packs rows that `row` yields: the index of the source row for each packed row, or nil for zeros.
  init(
    rowCount: Int, columnCount: Int, weight: (_ row: Int, _ column: Int) -> Float,
    bias biasValue: (_ row: Int) -> Float
  ) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    let width = Self.panelWidth
    let panelCount = (rowCount + width - 1) / width
    panels = FloatBuffer(count: panelCount * columnCount * width)
    bias = FloatBuffer(count: panelCount * width)
    for row in 0..<rowCount {
      let (panel, lane) = row.quotientAndRemainder(dividingBy: width)
      for column in 0..<columnCount {
        unsafe panels.base[(panel * columnCount + column) * width + lane] = weight(row, column)
      }
      unsafe bias.base[row] = biasValue(row)
    }
  }

  /// Packs a row-major `[rows, columns]` weight and its `[rows]` bias.
  init(rowCount: Int, columnCount: Int, weights: [Float], bias: [Float]) {
    self.init(
      rowCount: rowCount, columnCount: columnCount,
      weight: { weights[$0 * columnCount + $1] }, bias: { bias[$0] })
  }

  var byteCount: Int { panels.byteCount + bias.byteCount }
}
