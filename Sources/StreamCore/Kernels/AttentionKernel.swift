/// Attention of one head's query over the ring of keys and values.
///
/// Keys lie in blocks of 16 positions, `[block][headSize][16]`, values `[block][16][headSize]`; the
/// block of position p is (p / 16) mod blockCount. The order of arithmetic goes by absolute position,
/// never by slot: scores are matrix products over the head index; the maximum first, over the whole
/// window; the softmax sum as 16 partial sums by position mod 16; weighted values are a matrix product
/// over the position (chains of even and odd positions), times 1 / sum, then + 0 so that no -0 is left.
enum AttentionKernel {
  static let blockSize = 16

  /// Writes `[headSize]` of attention output for the query at one position.
  ///
  /// `query` is rotated and scaled already. `first...last` are the absolute positions of the window;
  /// `hidden`, if given, has a nonzero byte per ring slot whose key weighs exactly +0. `scores` is
  /// scratch of the window's length. Does not allocate.
  @unsafe static func attend(
    query: UnsafePointer<Float>, keys: UnsafePointer<Float>, values: UnsafePointer<Float>,
    headSize: Int, blockCount: Int, first: UInt64, last: UInt64,
    hidden: UnsafePointer<UInt8>?, scores: UnsafeMutablePointer<Float>,
    output: UnsafeMutablePointer<Float>
  ) {
    let length = Int(last - first) + 1
    var largest = -Float.infinity
    for index in 0..<length {
      let (block, lane) = slot(first + UInt64(index), blockCount)
      if let hidden = unsafe hidden, unsafe hidden[block * blockSize + lane] != 0 { continue }
      let key = unsafe keys + block * headSize * blockSize + lane
      var even: Float = 0
      var odd: Float = 0
      for i in stride(from: 0, to: headSize, by: 2) {
        unsafe even = even.addingProduct(query[i], key[i * blockSize])
        unsafe odd = odd.addingProduct(query[i + 1], key[(i + 1) * blockSize])
      }
      let score = even + odd
      unsafe scores[index] = score
      largest = ElementaryFunctions.maximum(score, largest)
    }
    var sums = PartialSums()
    for index in 0..<length {
      let (block, lane) = slot(first + UInt64(index), blockCount)
      var weight: Float = 0
      if let hidden = unsafe hidden, unsafe hidden[block * blockSize + lane] != 0 {
      } else {
        weight = unsafe ElementaryFunctions.exp(scores[index] - largest)
      }
      unsafe scores[index] = weight
      sums.add(weight, at: lane)
    }
    let inverse = 1 / sums.total
    for i in 0..<headSize {
      var even: Float = 0
      var odd: Float = 0
      for index in 0..<length {
        let (block, lane) = slot(first + UInt64(index), blockCount)
        let value = unsafe values[(block * blockSize + lane) * headSize + i]
        if lane & 1 == 0 {
          unsafe even = even.addingProduct(scores[index], value)
        } else {
          unsafe odd = odd.addingProduct(scores[index], value)
        }
      }
      unsafe output[i] = (even + odd) * inverse + 0
    }
  }

  @inline(__always)
  static func slot(_ position: UInt64, _ blockCount: Int) -> (block: Int, lane: Int) {
    (Int((position / UInt64(blockSize)) % UInt64(blockCount)), Int(position % UInt64(blockSize)))
  }
}
