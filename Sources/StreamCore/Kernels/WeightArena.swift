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
