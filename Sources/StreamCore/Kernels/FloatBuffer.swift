/// Zeroed floats on the heap.
@safe struct FloatBuffer: Sendable {
  private let block: MemoryBlock
  let count: Int
  nonisolated(unsafe) let base: UnsafeMutablePointer<Float>

  init(count: Int) {
    self.count = count
    block = MemoryBlock(byteCount: count * MemoryLayout<Float>.stride)
    unsafe base = block.base.bindMemory(to: Float.self, capacity: max(count, 1))
  }

  init(_ values: [Float]) {
    self.init(count: values.count)
    for (index, value) in values.enumerated() { unsafe base[index] = value }
  }

  func zero(_ range: Range<Int>) {
    unsafe (base + range.lowerBound).update(repeating: 0, count: range.count)
  }

  var byteCount: Int { count * MemoryLayout<Float>.stride }
}
