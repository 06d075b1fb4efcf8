internal import CStreamKernels

extension StreamingTransformer {
  /// What one layer's call needs, without a reference to count: made once, read every chunk. The model
  /// keeps what it points to alive.
  @unsafe struct BlockStep {
    let attentionGain: UnsafePointer<Float>
    let attentionBias: UnsafePointer<Float>
    let projection: UnsafePointer<ck_matrix>
    let output: UnsafePointer<ck_matrix>
    let feedForwardGain: UnsafePointer<Float>
    let feedForwardBias: UnsafePointer<Float>
    let up: UnsafePointer<ck_matrix>
    let down: UnsafePointer<ck_matrix>

    init(_ block: Block) {
      unsafe attentionGain = UnsafePointer(block.attentionNorm.gain.base)
      unsafe attentionBias = UnsafePointer(block.attentionNorm.bias.base)
      unsafe projection = block.attention.projection.matrix.descriptor
      unsafe output = block.attention.output.matrix.descriptor
      unsafe feedForwardGain = UnsafePointer(block.feedForwardNorm.gain.base)
      unsafe feedForwardBias = UnsafePointer(block.feedForwardNorm.bias.base)
      unsafe up = block.up.matrix.descriptor
      unsafe down = block.down.matrix.descriptor
    }
  }
}
