/// Zeroed floats on the heap, aligned for the widest vector loads.
///
/// Weights are written while a model is made and only read afterwards; state and scratch belong to
/// the one noncopyable stream that made them. Neither is ever written by two threads.
@safe final class FloatBuffer: @unchecked Sendable {
  /// Bytes: a cache line and an AVX-512 vector.
  static let alignment = 64

  let count: Int
  @unsafe let base: UnsafeMutablePointer<Float>

  init(count: Int) {
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: Self.alignment)
    unsafe base = raw.bindMemory(to: Float.self, capacity: max(count, 1))
    unsafe base.initialize(repeating: 0, count: max(count, 1))
  }

  convenience init(_ values: [Float]) {
    self.init(count: values.count)
    for (index, value) in values.enumerated() { unsafe base[index] = value }
  }

  deinit { unsafe base.deallocate() }

  func zero(_ range: Range<Int>) {
    unsafe (base + range.lowerBound).update(repeating: 0, count: range.count)
  }

  var byteCount: Int { count * MemoryLayout<Float>.stride }
}
