import CStreamKernels

@testable import StreamCore

/// Rotary angles, and queries, keys and values on their way into the ring, in plain Swift.
enum ReferenceRotary {
  /// Writes cos and sin `[count]` of a position; the phase is reduced to a fraction of a turn in Double
  /// with an exact remainder.
  @unsafe static func angles(
    turns: UnsafePointer<Double>, count: Int, position: UInt64,
    cosines: UnsafeMutablePointer<Float>, sines: UnsafeMutablePointer<Float>
  ) {
    let p = Double(position)
    for pair in 0..<count {
      let frequency = unsafe turns[pair]
      let product = p * frequency
      // What rounding the product lost, exactly.
      let remainder = (-product).addingProduct(p, frequency)
      let fraction = (product - product.rounded(.toNearestOrEven)) + remainder
      let angle = TableFunctions.cosineAndSine(turns: fraction)
      unsafe cosines[pair] = Float(angle.cosine)
      unsafe sines[pair] = Float(angle.sine)
    }
  }

  /// Turns one head `[2 half]` in place: (a, b) -> (a cos - b sin, b cos + a sin), each as
  /// fma(first, cos, second * sin).
  @unsafe static func rotate(
    _ head: UnsafeMutablePointer<Float>, half: Int, cosines: UnsafePointer<Float>,
    sines: UnsafePointer<Float>
  ) {
    for i in 0..<half {
      let a = unsafe head[i]
      let b = unsafe head[i + half]
      unsafe head[i] = (-(b * sines[i])).addingProduct(a, cosines[i])
      unsafe head[i + half] = (a * sines[i]).addingProduct(b, cosines[i])
    }
  }

  /// Rotates and scales the queries, rotates and stores the keys, stores the values. What is stored is
  /// finite: an infinity would show through a weight of 0.
  @unsafe static func store(_ s: ck_ring_store) {
    let size = unsafe s.head_size
    let half = size / 2
    for r in unsafe 0..<s.row_count {
      let row = unsafe s.rows + r * s.stride
      let position = unsafe s.position + UInt64(r)
      let (block, lane) = unsafe ReferenceAttention.slot(position, s.block_count)
      let queries = unsafe s.head_count * size
      if let cosines = unsafe s.cosines, let sines = unsafe s.sines {
        for head in unsafe 0..<s.head_count + s.key_head_count {
          unsafe rotate(
            row + head * size, half: half, cosines: cosines + r * half, sines: sines + r * half)
        }
      }
      for i in 0..<queries { unsafe row[i] *= s.scale }
      for head in unsafe 0..<s.key_head_count {
        let key = unsafe row + queries + head * size
        let value = unsafe key + s.key_head_count * size
        let blockSize = KVCache.blockSize
        let k = unsafe head * s.key_head_stride + block * blockSize * size + lane
        let v = unsafe head * s.value_head_stride + (block * blockSize + lane) * s.value_stride
        for i in 0..<size {
          unsafe put(key[i], s.keys, k + i * blockSize, s.precision)
          unsafe put(value[i], s.values, v + i, s.precision)
        }
      }
    }
  }

  @unsafe private static func put(
    _ x: Float, _ target: UnsafeMutableRawPointer, _ index: Int, _ precision: ck_precision
  ) {
    let reduced = Int(precision) == CK_BF16
    let bound = reduced ? BFloat16.greatestFinite : Float.greatestFiniteMagnitude
    let finite = ElementaryFunctions.maximum(ElementaryFunctions.minimum(x, bound), -bound)
    if reduced {
      unsafe target.assumingMemoryBound(to: UInt16.self)[index] = BFloat16.bits(finite)
    } else {
      unsafe target.assumingMemoryBound(to: Float.self)[index] = finite
    }
  }
}

extension BFloat16 {
  static let greatestFinite: Float = 3.389_531_39e38

  static func value(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }
}
