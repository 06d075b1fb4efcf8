internal import CStreamKernels

/// A matrix of weights `[rows, columns]` and its bias, packed once at load for the kernels.
///
/// Rows (outputs) are grouped in panels of 32, `[rows / 32][elements][32]`, the last panel filled with
/// zeros, so that a product reads the weights as one linear stream. An element is four bytes of one row:
/// one f32, two bf16 or four int8 columns, the last ones filled with zeros.
@safe struct PackedMatrix: Sendable {
  static let panelWidth = Int(CK_PANEL_WIDTH)

  /// Outputs of the product.
  let rowCount: Int
  /// Inputs of the product.
  let columnCount: Int
  let precision: Precision
  /// What the kernels read; lives in the arena.
  nonisolated(unsafe) let descriptor: UnsafePointer<ck_matrix>
  private let arena: WeightArena

  /// Packs rows; `weight` and `bias` yield the values of a packed row, 0 where it is none of the model's.
  init(
    rowCount: Int, columnCount: Int, precision: Precision = .f32, arena: WeightArena? = nil,
    weight: (_ row: Int, _ column: Int) -> Float, bias biasValue: (_ row: Int) -> Float
  ) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.precision = precision
    let arena =
      arena
      ?? WeightArena(
        byteCount: Self.byteCount(
          rowCount: rowCount, columnCount: columnCount, precision: precision))
    self.arena = arena
    let width = Self.panelWidth
    let padded = (rowCount + width - 1) / width * width
    let floats = padded * MemoryLayout<Float>.stride
    let elements = precision.elements(columns: columnCount)
    let panels = unsafe arena.take(byteCount: padded * elements * 4)
    let bias = unsafe arena.take(byteCount: floats).bindMemory(to: Float.self, capacity: padded)
    for row in 0..<rowCount { unsafe bias[row] = biasValue(row) }
    /// Where a value lies among values of which `count` make an element.
    func place(_ row: Int, _ column: Int, of count: Int) -> Int {
      ((row / width * elements + column / count) * width + row % width) * count + column % count
    }
    var matrix = unsafe ck_matrix(
      panels: panels, bias: bias, scales: nil, corrections: nil, rows: rowCount,
      columns: columnCount, precision: precision.code)
    switch precision {
    case .f32:
      let target = unsafe panels.bindMemory(to: Float.self, capacity: padded * elements)
      for row in 0..<rowCount {
        for column in 0..<columnCount {
          unsafe target[place(row, column, of: 1)] = weight(row, column)
        }
      }
    case .bf16:
      let target = unsafe panels.bindMemory(to: UInt16.self, capacity: 2 * padded * elements)
      for row in 0..<rowCount {
        for column in 0..<columnCount {
          unsafe target[place(row, column, of: 2)] = BFloat16.bits(weight(row, column))
        }
      }
    case .int8:
      let target = unsafe panels.bindMemory(to: Int8.self, capacity: 4 * padded * elements)
      let scales = unsafe arena.take(byteCount: floats).bindMemory(to: Float.self, capacity: padded)
      let corrections = unsafe arena.take(byteCount: floats)
        .bindMemory(to: Int32.self, capacity: padded)
      for row in 0..<rowCount {
        let values = (0..<columnCount).map { weight(row, $0) }
        let quantiser = SymmetricQuantiser(values)
        unsafe scales[row] = quantiser.scale
        var sum: Int32 = 0
        for column in 0..<columnCount {
          let code = quantiser.code(of: values[column])
          unsafe target[place(row, column, of: 4)] = code
          sum += Int32(code)
        }
        unsafe corrections[row] = 128 &* sum
      }
      unsafe matrix.scales = UnsafePointer(scales)
      unsafe matrix.corrections = UnsafePointer(corrections)
    }
    let place = unsafe arena.take(byteCount: MemoryLayout<ck_matrix>.stride)
      .bindMemory(to: ck_matrix.self, capacity: 1)
    unsafe place.initialize(to: matrix)
    unsafe descriptor = UnsafePointer(place)
  }

  /// Packs a row-major `[rows, columns]` weight and its `[rows]` bias.
  init(
    rowCount: Int, columnCount: Int, weights: [Float], bias: [Float], precision: Precision = .f32,
    arena: WeightArena? = nil
  ) {
    self.init(
      rowCount: rowCount, columnCount: columnCount, precision: precision, arena: arena,
      weight: { weights[$0 * columnCount + $1] }, bias: { bias[$0] })
  }

  /// Bytes that a matrix takes from its arena.
  static func byteCount(rowCount: Int, columnCount: Int, precision: Precision) -> Int {
    let padded = (rowCount + panelWidth - 1) / panelWidth * panelWidth
    let floats = WeightArena.rounded(padded * MemoryLayout<Float>.stride)
    let panels = WeightArena.rounded(padded * precision.elements(columns: columnCount) * 4)
    let descriptor = unsafe WeightArena.rounded(MemoryLayout<ck_matrix>.stride)
    return panels + floats * (precision == .int8 ? 3 : 1) + descriptor
  }

  var byteCount: Int {
    Self.byteCount(rowCount: rowCount, columnCount: columnCount, precision: precision)
  }
}
