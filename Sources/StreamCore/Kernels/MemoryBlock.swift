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
