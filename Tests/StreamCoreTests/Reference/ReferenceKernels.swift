import CStreamKernels

@testable import StreamCore

extension Kernels {
  /// The plain Swift kernels as a table, so that whole models run on them and on each variant alike.
  /// Slow; what every variant must equal bit for bit. Lives as long as the program.
  static let reference: Kernels = {
    let table = UnsafeMutablePointer<ck_kernels>.allocate(capacity: 1)
    unsafe table.initialize(to: referenceTable)
    return unsafe Kernels(variant: .portable, table: UnsafePointer(table))
  }()

  private static var referenceTable: ck_kernels {
    unsafe ck_kernels(
      name: unsafe ck_table(ck_table_count() - 1).pointee.name,
      extensions: unsafe ck_table(ck_table_count() - 1).pointee.extensions,
      product: { matrix, input, inputStride, rows, output, outputStride, epilogue, _, _ in
        unsafe ReferenceProduct.multiply(
          matrix.pointee, input: input, inputStride: inputStride, rows: rows, output: output,
          outputStride: outputStride, epilogue: epilogue)
      },
      lstm_step: { gates, hiddenSize, state, stateStride, rows, cell, hidden, next, nextStride, _ in
        let inputSize = unsafe gates.pointee.columns - hiddenSize
        let rows = unsafe ReferenceRecurrent.Rows(
          count: rows, inputSize: inputSize, hiddenSize: hiddenSize, state: state,
          stateStride: stateStride, hidden: hidden, next: next, nextStride: nextStride)
        unsafe ReferenceRecurrent.lstm(rows, gates: gates.pointee, cell: cell)
      },
      gru_step: {
        inputs, hiddens, hiddenSize, state, stateStride, rows, hidden, next, nextStride, _ in
        let rows = unsafe ReferenceRecurrent.Rows(
          count: rows, inputSize: inputs.pointee.columns, hiddenSize: hiddenSize, state: state,
          stateStride: stateStride, hidden: hidden, next: next, nextStride: nextStride)
        unsafe ReferenceRecurrent.gru(rows, inputs: inputs.pointee, hiddens: hiddens.pointee)
      },
      min_gru_step: { inputs, hiddenSize, state, stateStride, rows, hidden, next, nextStride, _ in
        let rows = unsafe ReferenceRecurrent.Rows(
          count: rows, inputSize: inputs.pointee.columns, hiddenSize: hiddenSize, state: state,
          stateStride: stateStride, hidden: hidden, next: next, nextStride: nextStride)
        unsafe ReferenceRecurrent.minGRU(rows, inputs: inputs.pointee)
      },
      rnn_step: { weights, nonlinearity, state, stateStride, rows, hidden, next, nextStride, _ in
        let hiddenSize = unsafe weights.pointee.rows
        let rows = unsafe ReferenceRecurrent.Rows(
          count: rows, inputSize: weights.pointee.columns - hiddenSize, hiddenSize: hiddenSize,
          state: state, stateStride: stateStride, hidden: hidden, next: next,
          nextStride: nextStride)
        unsafe ReferenceRecurrent.rnn(rows, weights: weights.pointee, nonlinearity: nonlinearity)
      },
      layer_norm: { input, inputStride, rows, size, gain, bias, epsilon, output, outputStride in
        unsafe ReferenceRows.layerNorm(
          input: input, inputStride: inputStride, rows: rows, size: size, gain: gain, bias: bias,
          epsilon: epsilon, output: output, outputStride: outputStride)
      },
      rms_norm: { input, inputStride, rows, size, gain, epsilon, output, outputStride in
        unsafe ReferenceRows.rmsNorm(
          input: input, inputStride: inputStride, rows: rows, size: size, gain: gain,
          epsilon: epsilon, output: output, outputStride: outputStride)
      },
      sigmoid: { unsafe ReferenceRows.sigmoid($0, count: $1) },
      softmax: { unsafe ReferenceRows.softmax($0, rows: $1, size: $2) },
      rotary_angles: { turns, count, position, cosines, sines in
        unsafe ReferenceRotary.angles(
          turns: turns, count: count, position: position, cosines: cosines, sines: sines)
      },
      ring_store: { unsafe ReferenceRotary.store($0.pointee) },
      attend: { unsafe ReferenceAttention.attend($0.pointee) },
      resample: {
        unsafe ReferenceFrontEnds.resample(
          $0.pointee, input: $1, row: $2, count: $3, output: $4, stride: $5)
      },
      frame_window: {
        unsafe ReferenceFrontEnds.frameWindow(samples: $0, window: $1, count: $2, output: $3)
      },
      power_spectrum: {
        unsafe ReferenceFrontEnds.power(samples: $0, size: $1, twiddles: $2, scratch: $3, power: $4)
      },
      band_energies: {
        unsafe ReferenceFrontEnds.bandEnergies(
          power: $0, weights: $1, first: $2, counts: $3, bands: $4, energies: $5)
      },
      log_normalise: {
        unsafe ReferenceFrontEnds.logNormalise($0, count: $1, floor: $2, mean: $3, std: $4)
      },
      normalise: {
        unsafe ReferenceFrontEnds.normalise(
          $0, rows: $1, channels: $2, mean: $3, std: $4, output: $5)
      })
  }
}
