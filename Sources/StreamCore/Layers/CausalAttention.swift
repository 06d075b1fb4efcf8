internal import CStreamKernels

/// Multi-head self-attention with rotary positions over a KV cache.
///
/// As `torch.nn.functional.scaled_dot_product_attention` with the mask that follows from absolute
/// positions. Query, key and value are one product: `[3 modelSize, modelSize]`.
struct CausalAttention: Sendable {
  let headCount: Int
  let headSize: Int
  let projection: Linear
  let output: Linear
}
