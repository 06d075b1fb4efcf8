import CStreamKernels

@testable import StreamCore

/// One time step of one recurrent layer, for rows (streams) side by side, in plain Swift.
///
/// Of every row [x; h] the gates are matrix products in the order of `ReferenceProduct`. The cells are
/// the arithmetic that stands at each function, in this order and with these fused multiply-adds.
enum ReferenceRecurrent {
  /// Where a step finds its rows: `state` is [x; h] `[count, stateStride]`, whose x is `inputSize` wide.
  /// The new h goes to `hidden` `[count, hiddenSize]`, to the h of `state` and, if given, to `next`.
  @unsafe struct Rows {
    let count: Int
    let inputSize: Int
    let hiddenSize: Int
    let state: UnsafeMutablePointer<Float>
    let stateStride: Int
    let hidden: UnsafeMutablePointer<Float>
    let next: UnsafeMutablePointer<Float>?
    let nextStride: Int

    /// Products of part of every row, from `column` on. Allocates.
    @unsafe func product(_ matrix: ck_matrix, from column: Int = 0) -> FloatBuffer {
      let result = unsafe FloatBuffer(count: count * matrix.rows)
      unsafe ReferenceProduct.multiply(
        matrix, input: state + column, inputStride: stateStride, rows: count, output: result.base,
        outputStride: matrix.rows)
      return result
    }

    /// Copies the new h to where it is read next.
    @unsafe func placeHidden() {
      for row in unsafe 0..<count {
        let h = unsafe hidden + row * hiddenSize
        unsafe (state + row * stateStride + inputSize).update(from: h, count: hiddenSize)
        if let next = unsafe next {
          unsafe (next + row * nextStride).update(from: h, count: hiddenSize)
        }
      }
    }
  }

  /// c' = fma(sigmoid(f), c, sigmoid(i) * tanh(g)); h' = sigmoid(o) * tanh(c'). The gates are one product
  /// over [x; h], with rows in the order of `LSTM.order.packedRow`. `cell` is `[count, hiddenSize]`. Allocates.
  @unsafe static func lstm(_ rows: Rows, gates: ck_matrix, cell: UnsafeMutablePointer<Float>) {
    let products = unsafe rows.product(gates)
    let size = unsafe rows.hiddenSize
    for row in unsafe 0..<rows.count {
      let g = unsafe products.base + row * gates.rows
      for unit in 0..<size {
        let input = unsafe ElementaryFunctions.sigmoid(g[LSTM.order.packedRow(unit: unit, gate: 0)])
        let forget = unsafe ElementaryFunctions.sigmoid(
          g[LSTM.order.packedRow(unit: unit, gate: 1)])
        let candidate = unsafe ElementaryFunctions.tanh(
          g[LSTM.order.packedRow(unit: unit, gate: 2)])
        let output = unsafe ElementaryFunctions.sigmoid(
          g[LSTM.order.packedRow(unit: unit, gate: 3)])
        let state = unsafe (input * candidate).addingProduct(forget, cell[row * size + unit])
        unsafe cell[row * size + unit] = state
        unsafe rows.hidden[row * size + unit] = output * ElementaryFunctions.tanh(state)
      }
    }
    unsafe rows.placeHidden()
  }

  /// r = sigmoid(r_x + r_h), z = sigmoid(z_x + z_h), n = tanh(fma(r, n_h, n_x)), h' = fma(z, h - n, n): of
  /// each pair the product over x with its bias, and that over h with its own. Rows are in the order of
  /// `GRU.order.packedRow`. Allocates.
  @unsafe static func gru(_ rows: Rows, inputs: ck_matrix, hiddens: ck_matrix) {
    let fromX = unsafe rows.product(inputs)
    let fromH = unsafe rows.product(hiddens, from: rows.inputSize)
    let size = unsafe rows.hiddenSize
    for row in unsafe 0..<rows.count {
      let x = unsafe fromX.base + row * inputs.rows
      let h = unsafe fromH.base + row * hiddens.rows
      for unit in 0..<size {
        let (r, z, n) = (
          GRU.order.packedRow(unit: unit, gate: 0), GRU.order.packedRow(unit: unit, gate: 1),
          GRU.order.packedRow(unit: unit, gate: 2)
        )
        let reset = unsafe ElementaryFunctions.sigmoid(x[r] + h[r])
        let update = unsafe ElementaryFunctions.sigmoid(x[z] + h[z])
        let candidate = unsafe ElementaryFunctions.tanh(x[n].addingProduct(reset, h[n]))
        let before = unsafe rows.state[row * rows.stateStride + rows.inputSize + unit]
        unsafe rows.hidden[row * size + unit] = candidate.addingProduct(update, before - candidate)
      }
    }
    unsafe rows.placeHidden()
  }

  /// h' = fma(sigmoid(z), n - h, h); z and n are one product over x, with rows in the order of
  /// `MinGRU.order.packedRow`. Allocates.
  @unsafe static func minGRU(_ rows: Rows, inputs: ck_matrix) {
    let products = unsafe rows.product(inputs)
    let size = unsafe rows.hiddenSize
    for row in unsafe 0..<rows.count {
      let x = unsafe products.base + row * inputs.rows
      for unit in 0..<size {
        let update = unsafe ElementaryFunctions.sigmoid(
          x[MinGRU.order.packedRow(unit: unit, gate: 0)])
        let candidate = unsafe x[MinGRU.order.packedRow(unit: unit, gate: 1)]
        let before = unsafe rows.state[row * rows.stateStride + rows.inputSize + unit]
        unsafe rows.hidden[row * size + unit] =
          before.addingProduct(update, candidate - before)
      }
    }
    unsafe rows.placeHidden()
  }

  /// h' = tanh or relu of one product over [x; h].
  @unsafe static func rnn(_ rows: Rows, weights: ck_matrix, nonlinearity: ck_epilogue) {
    unsafe ReferenceProduct.multiply(
      weights, input: rows.state, inputStride: rows.stateStride, rows: rows.count,
      output: rows.hidden, outputStride: rows.hiddenSize, epilogue: nonlinearity)
    unsafe rows.placeHidden()
  }
}

extension GateOrder {
  /// The packed row of a unit's gate.
  func packedRow(unit: Int, gate: Int) -> Int {
    (unit / groupSize * gateCount + gate) * groupSize + unit % groupSize
  }
}
