#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Zeroed memory on the heap, aligned for the widest vector loads; large blocks on huge pages.
///
/// Weights are written while a model is made and only read afterwards; state and scratch belong to
/// the one noncopyable stream that made them. Neither is ever written by two threads.
@safe final class MemoryBlock: @unchecked Sendable {
  /// Bytes: a cache line and an AVX-512 vector.
  static let alignment = 64
  /// From here on a block begins at a huge page and asks for them.
  static let largeByteCount = 1 << 20
  static let hugePage = 2 << 20

  let byteCount: Int
  @unsafe let base: UnsafeMutableRawPointer

  init(byteCount: Int) {
    self.byteCount = byteCount
    if byteCount >= Self.largeByteCount {
      let whole = (byteCount + Self.hugePage - 1) / Self.hugePage * Self.hugePage
      unsafe base = .allocate(byteCount: whole, alignment: Self.hugePage)
      #if os(Linux)
        // Only advice: without huge pages it is slower, not wrong.
        _ = unsafe madvise(base, whole, MADV_HUGEPAGE)
      #endif
      unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: whole)
    } else {
      let whole = max(byteCount, Self.alignment)
      unsafe base = .allocate(byteCount: whole, alignment: Self.alignment)
      unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: whole)
    }
  }

  deinit { unsafe base.deallocate() }

  /// Zeroes a range of bytes. Does not allocate.
  func zero(_ bytes: Range<Int>) {
    unsafe (base + bytes.lowerBound).initializeMemory(
      as: UInt8.self, repeating: 0, count: bytes.count)
  }
}

/// Zeroed floats on the heap, aligned as a `MemoryBlock` is.
@safe package struct FloatBuffer: Sendable {
  private let block: MemoryBlock
  package let count: Int
  package nonisolated(unsafe) let base: UnsafeMutablePointer<Float>

  package init(count: Int) {
    self.count = count
    block = MemoryBlock(byteCount: count * MemoryLayout<Float>.stride)
    unsafe base = block.base.bindMemory(to: Float.self, capacity: max(count, 1))
  }

  package init(_ values: [Float]) {
    self.init(count: values.count)
    for (index, value) in values.enumerated() { unsafe base[index] = value }
  }

  func zero(_ range: Range<Int>) {
    unsafe (base + range.lowerBound).update(repeating: 0, count: range.count)
  }

  var byteCount: Int { count * MemoryLayout<Float>.stride }
}

/// One block for all packed weights of a model, so that they share huge pages.
///
/// Filled while the model is made, only read afterwards.
final class WeightArena: @unchecked Sendable {
  private let block: MemoryBlock
  private var used = 0

  init(byteCount: Int) {
    block = MemoryBlock(byteCount: byteCount)
  }

  /// The bytes that `take` needs for a request.
  static func rounded(_ byteCount: Int) -> Int {
    (byteCount + MemoryBlock.alignment - 1) / MemoryBlock.alignment * MemoryBlock.alignment
  }

  /// The next bytes, zeroed, aligned to a cache line; they live as long as the arena.
  @unsafe func take(byteCount: Int) -> UnsafeMutableRawPointer {
    let start = used
    used += Self.rounded(byteCount)
    precondition(used <= block.byteCount, "a weight arena was made too small")
    return unsafe block.base + start
  }
}
