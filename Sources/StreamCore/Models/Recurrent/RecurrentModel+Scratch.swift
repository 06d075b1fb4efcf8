internal import CStreamKernels

extension RecurrentModel {
  /// What one frame needs besides the state.
  @safe struct Scratch {
    /// The new h of a layer `[streams, hiddenSize]`.
    let hidden: FloatBuffer
    /// The activations of a product in bf16 or int8; empty for f32.
    let product: MemoryBlock
    /// [x; h] of the streams that take part, of a layer and of the next one, `[2, streams, widest
    /// stateStride]`, then their c `[streams, widest cellSize]`; empty for one stream, which always
    /// takes part.
    let gathered: FloatBuffer
    /// Floats of each of the two.
    private let gatheredSize: Int

    init(model: RecurrentModel, streams: Int) {
      let sizes = Self.sizes(model: model, streams: streams)
      hidden = FloatBuffer(count: sizes.hidden)
      product = MemoryBlock(byteCount: sizes.product)
      gathered = FloatBuffer(count: 2 * sizes.gatheredState + sizes.gatheredCell)
      gatheredSize = sizes.gatheredState
    }

    /// Floats, and bytes for a product.
    private static func sizes(
      model: RecurrentModel, streams: Int
    ) -> (hidden: Int, product: Int, gatheredState: Int, gatheredCell: Int) {
      let product = model.layers.reduce(
        ck_product_scratch_bytes(model.configuration.inputSize, streams)
      ) {
        max($0, $1.productScratchBytes(rows: streams))
      }
      let state = model.layers.reduce(0) { max($0, $1.stateStride) }
      let cell = model.layers.reduce(0) { max($0, $1.cellSize) }
      let gathers = streams > 1
      return (
        streams * model.configuration.hiddenSize,
        model.precision == .f32 ? 0 : product,
        gathers ? streams * state : 0, gathers ? streams * cell : 0
      )
    }

    /// What the scratch of so many streams takes.
    static func byteCount(model: RecurrentModel, streams: Int) -> Int {
      let sizes = sizes(model: model, streams: streams)
      let floats = sizes.hidden + 2 * sizes.gatheredState + sizes.gatheredCell
      return floats * MemoryLayout<Float>.stride + sizes.product
    }

    /// A layer's rows for `count` gathered streams, beside those of the layer before.
    @unsafe func gatheredRows(_ rows: RecurrentRows, layer: Int, count: Int) -> RecurrentRows {
      var gatheredRows = unsafe rows
      unsafe gatheredRows.count = count
      unsafe gatheredRows.state = gathered.base + layer % 2 * gatheredSize
      unsafe gatheredRows.cell = gathered.base + 2 * gatheredSize
      unsafe gatheredRows.next = nil
      return unsafe gatheredRows
    }
  }
}
