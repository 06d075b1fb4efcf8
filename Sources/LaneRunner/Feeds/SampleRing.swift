import Dispatch
import StreamCore
import Synchronization

/// Blocks of samples on their way from the capture thread to one lane: one producer, one consumer.
///
/// All places are allocated and touched by `init`. The producer never waits; the consumer waits on an empty ring.
@safe final class SampleRing: @unchecked Sendable {
  /// Samples that fit.
  let capacity: Int
  /// Values a sample.
  let channels: Int
  private let samples: FloatBuffer
  @unsafe private let blocks: UnsafeMutablePointer<SampleBlock>
  private let blockCapacity: Int
  private let samplesPushed = Atomic<Int>(0)
  private let samplesPopped = Atomic<Int>(0)
  private let blocksPushed = Atomic<Int>(0)
  private let blocksPopped = Atomic<Int>(0)
  private let ready = DispatchSemaphore(value: 0)

  init(capacity: Int, channels: Int) {
    self.capacity = max(1, capacity)
    self.channels = channels
    // Small blocks come from small writes; with fewer places than samples, they can fill it first.
    blockCapacity = min(self.capacity, 32_768) + 8
    samples = FloatBuffer(count: self.capacity * channels)
    unsafe blocks = .allocate(capacity: blockCapacity)
    unsafe blocks.initialize(
      repeating: SampleBlock.end(at: 0), count: blockCapacity)
  }

  deinit { unsafe blocks.deallocate() }

  /// Samples that wait for the lane. Popped ones are read first, so that a third thread never finds more
  /// of them than were pushed.
  var waitingSamples: Int {
    let popped = samplesPopped.load(ordering: .acquiring)
    return samplesPushed.load(ordering: .acquiring) - popped
  }

  /// Whether a block of that many samples finds a place; the producer's question.
  func hasRoom(for count: Int) -> Bool {
    let blocksHeld =
      blocksPushed.load(ordering: .relaxed) - blocksPopped.load(ordering: .acquiring)
    return blocksHeld < blockCapacity && waitingSamples + count <= capacity
  }

  /// Puts a block in, which must have room, and wakes the lane. `source` is `[count, channels]` for a
  /// block of samples, nil for any other.
  @unsafe func push(_ block: SampleBlock, _ source: UnsafePointer<Float>?) {
    let pushed = samplesPushed.load(ordering: .relaxed)
    if let source = unsafe source {
      let start = pushed % capacity
      let first = min(block.count, capacity - start)
      unsafe (samples.base + start * channels).update(from: source, count: first * channels)
      unsafe samples.base.update(
        from: source + first * channels, count: (block.count - first) * channels)
      samplesPushed.store(pushed + block.count, ordering: .releasing)
    }
    let index = blocksPushed.load(ordering: .relaxed)
    unsafe blocks[index % blockCapacity] = block
    blocksPushed.store(index + 1, ordering: .releasing)
    ready.signal()
  }

  /// Whether a block is there; the consumer's question.
  var hasBlock: Bool {
    blocksPushed.load(ordering: .acquiring) > blocksPopped.load(ordering: .relaxed)
  }

  /// Waits for a block and gives it to `body` with its samples, in two parts where the ring's seam
  /// divides them; then frees its place. Without contents for any other kind of block.
  func next(
    _ body: (SampleBlock, _ parts: (UnsafeBufferPointer<Float>, UnsafeBufferPointer<Float>)) -> Void
  ) {
    ready.wait()
    let index = blocksPopped.load(ordering: .relaxed)
    let block = unsafe blocks[index % blockCapacity]
    let popped = samplesPopped.load(ordering: .relaxed)
    let count = block.kind == .samples ? block.count : 0
    let start = popped % capacity
    let first = min(count, capacity - start)
    let parts = unsafe (
      UnsafeBufferPointer(start: samples.base + start * channels, count: first * channels),
      UnsafeBufferPointer(start: samples.base, count: (count - first) * channels)
    )
    unsafe body(block, parts)
    samplesPopped.store(popped + count, ordering: .releasing)
    blocksPopped.store(index + 1, ordering: .releasing)
  }
}
