internal import CStreamKernels

/// One time step of one LSTM layer, for rows (streams) side by side, in plain Swift.
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

  /// Updates `cell` in place and writes the new hidden state to `hidden`, to the h of `state` and, if
  /// given, to `next`.
  ///
  /// c' = fma(sigmoid(f), c, sigmoid(i) * tanh(g)); h' = sigmoid(o) * tanh(c').
  /// `state` is [x; h] `[rows, columns]`, `cell` and `hidden` `[rows, hiddenSize]`. Allocates.
  @unsafe static func run(
    _ matrix: ck_matrix, hiddenSize: Int, state: UnsafeMutablePointer<Float>, stateStride: Int,
    rows: Int, cell: UnsafeMutablePointer<Float>, hidden: UnsafeMutablePointer<Float>,
    next: UnsafeMutablePointer<Float>?, nextStride: Int
  ) {
    let gates = unsafe FloatBuffer(count: rows * matrix.rows)
    unsafe MatrixProduct.multiply(
      matrix, input: state, inputStride: stateStride, rows: rows, output: gates.base,
      outputStride: matrix.rows)
    for row in 0..<rows {
      let g = unsafe gates.base + row * matrix.rows
      let c = unsafe cell + row * hiddenSize
      let h = unsafe hidden + row * hiddenSize
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
      let own = unsafe state + row * stateStride + matrix.columns - hiddenSize
      unsafe own.update(from: h, count: hiddenSize)
      if let next = unsafe next {
        unsafe (next + row * nextStride).update(from: h, count: hiddenSize)
      }
    }
  }
}
