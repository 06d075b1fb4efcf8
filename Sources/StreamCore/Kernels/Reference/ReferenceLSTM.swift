internal import CStreamKernels

/// One time step of one LSTM layer, for rows (streams) side by side, in plain Swift.
///
/// The gates are one matrix product over [x; h], with rows in the order of `LSTM.packedRow`.
enum ReferenceLSTM {
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
    unsafe ReferenceProduct.multiply(
      matrix, input: state, inputStride: stateStride, rows: rows, output: gates.base,
      outputStride: matrix.rows)
    for row in 0..<rows {
      let g = unsafe gates.base + row * matrix.rows
      let c = unsafe cell + row * hiddenSize
      let h = unsafe hidden + row * hiddenSize
      for unit in 0..<hiddenSize {
        let input = unsafe ElementaryFunctions.sigmoid(g[LSTM.packedRow(unit: unit, gate: 0)])
        let forget = unsafe ElementaryFunctions.sigmoid(g[LSTM.packedRow(unit: unit, gate: 1)])
        let candidate = unsafe ElementaryFunctions.tanh(g[LSTM.packedRow(unit: unit, gate: 2)])
        let output = unsafe ElementaryFunctions.sigmoid(g[LSTM.packedRow(unit: unit, gate: 3)])
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
