/// One time step of one LSTM layer, for rows (streams) side by side.
///
/// The gates are one matrix product over [x; h]. Packed rows come in groups of 32: eight units with
/// their gates i, f, g, o (`[units / 8][gate][8]`), so that a panel holds all that eight cells need.
enum LSTMStep {
  static let unitsPerPanel = 8

  /// The packed row of a unit's gate.
  @inline(__always)
  static func packedRow(unit: Int, gate: Int) -> Int {
    (unit / unitsPerPanel) * 32 + gate * unitsPerPanel + unit % unitsPerPanel
  }

  /// Updates `cell` in place and writes the new hidden state to `hidden`.
  ///
  /// c' = fma(sigmoid(f), c, sigmoid(i) * tanh(g)); h' = sigmoid(o) * tanh(c').
  /// `input` is [x; h] `[rows, columnCount]`, `cell` and `hidden` `[rows, hiddenSize]` with their
  /// strides, `gates` scratch of `[rows, gates.rowCount]`. Does not allocate.
  @unsafe static func run(
    _ matrix: PackedMatrix, hiddenSize: Int, input: UnsafePointer<Float>, inputStride: Int,
    rows: Int, gates: UnsafeMutablePointer<Float>, cell: UnsafeMutablePointer<Float>,
    cellStride: Int, hidden: UnsafeMutablePointer<Float>, hiddenStride: Int
  ) {
    unsafe MatrixProduct.multiply(
      matrix, input: input, inputStride: inputStride, rows: rows, output: gates,
      outputStride: matrix.rowCount)
    for row in 0..<rows {
      let g = unsafe gates + row * matrix.rowCount
      let c = unsafe cell + row * cellStride
      let h = unsafe hidden + row * hiddenStride
      for unit in 0..<hiddenSize {
        let first = packedRow(unit: unit, gate: 0)
        let input = unsafe ElementaryFunctions.sigmoid(g[first])
        let forget = unsafe ElementaryFunctions.sigmoid(g[first + unitsPerPanel])
        let candidate = unsafe ElementaryFunctions.tanh(g[first + 2 * unitsPerPanel])
        let output = unsafe ElementaryFunctions.sigmoid(g[first + 3 * unitsPerPanel])
        let state = unsafe (input * candidate).addingProduct(forget, c[unit])
        unsafe c[unit] = state
        unsafe h[unit] = output * ElementaryFunctions.tanh(state)
      }
    }
  }
}
