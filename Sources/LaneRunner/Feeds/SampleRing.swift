import Dispatch
import StreamCore
import Synchronization

/// Blocks of samples on their way from the capture thread to one lane: one producer, one consumer.
///
/// It begins with little room. Where the lane is behind, the producer makes more, up to a limit; the consumer
/// allocates and frees nothing. The producer never waits; the consumer waits on an empty ring.
@safe final class SampleRing: @unchecked Sendable {
  /// Samples that fit at most.
  let capacity: Int
  /// Values a sample.
  let channels: Int
  private let blockLimit: Int
  private let samplesPushed = Atomic<Int>(0)
  private let samplesPopped = Atomic<Int>(0)
  private let blocksPushed = Atomic<Int>(0)
  private let blocksPopped = Atomic<Int>(0)
  private let ready = DispatchSemaphore(value: 0)
  /// The producer's: from the one that the consumer reads to the one that is written to.
  private var rooms: [SampleRoom]
  /// The consumer's.
  private var room: SampleRoom

  /// Blocks that fit in the first room.
  private static let firstBlocks = 32

  /// `first` is how many samples fit before more room is made.
  init(capacity: Int, channels: Int, first: Int = 1) {
    self.capacity = max(1, capacity)
    self.channels = channels
    // Small blocks come from small writes; with fewer places than samples, they can fill it first.
    blockLimit = min(self.capacity, 32_768) + 8
    room = SampleRoom(
      samples: min(max(1, first), self.capacity), channels: channels,
      blocks: min(Self.firstBlocks, blockLimit))
    rooms = [room]
  }

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
    return blocksHeld < blockLimit && waitingSamples + count <= capacity
  }

  /// Puts a block in, which must have room, and wakes the lane. `source` is `[count, channels]` for a
  /// block of samples, nil for any other. Allocates where more room is needed than ever before.
  @unsafe func push(_ block: SampleBlock, _ source: UnsafePointer<Float>?) {
    // The consumer has come back from its first block there, and is done with the room before.
    while rooms.count > 1, rooms[1].blocksPopped.load(ordering: .acquiring) > 0 {
      rooms.removeFirst()
    }
    let count = unsafe source == nil ? 0 : block.count
    let room = roomToWrite(count)
    if count > 0 {
      samplesPushed.store(samplesPushed.load(ordering: .relaxed) + count, ordering: .releasing)
    }
    unsafe room.push(block, source, count: count)
    blocksPushed.store(blocksPushed.load(ordering: .relaxed) + 1, ordering: .releasing)
    ready.signal()
  }

  /// The newest room, or one with twice as much of what that one lacks.
  private func roomToWrite(_ count: Int) -> SampleRoom {
    let newest = rooms[rooms.count - 1]
    let samples = newest.sampleCapacity
    let blocks = newest.blockCapacity
    let lacksSamples = newest.samplesHeld + count > samples
    let lacksBlocks = newest.blocksHeld == blocks
    guard lacksSamples || lacksBlocks else { return newest }
    let next = SampleRoom(
      samples: lacksSamples ? min(max(2 * samples, count), capacity) : samples, channels: channels,
      blocks: lacksBlocks ? min(2 * blocks, blockLimit) : blocks)
    newest.next = next
    rooms.append(next)
    return next
  }

  /// Whether a block is there; the consumer's question.
  var hasBlock: Bool {
    blocksPushed.load(ordering: .acquiring) > blocksPopped.load(ordering: .relaxed)
  }

  /// Waits for a block and gives it to `body` with its samples, in two parts where the room's seam
  /// divides them; then frees its place. Without contents for any other kind of block.
  func next(
    _ body: (SampleBlock, _ parts: (UnsafeBufferPointer<Float>, UnsafeBufferPointer<Float>)) -> Void
  ) {
    ready.wait()
    _ = blocksPushed.load(ordering: .acquiring)
    // There is one: if not here, then in the room that was made after this one was full.
    while !room.hasBlock, let next = room.next { room = next }
    let block = room.first
    let count = block.kind == .samples ? block.count : 0
    unsafe body(block, room.parts(count))
    room.pop(count)
    samplesPopped.store(samplesPopped.load(ordering: .relaxed) + count, ordering: .releasing)
    blocksPopped.store(blocksPopped.load(ordering: .relaxed) + 1, ordering: .releasing)
  }
}

/// A ring of a fixed size within a `SampleRing`. All places are allocated and touched by `init`.
@safe private final class SampleRoom {
  let sampleCapacity: Int
  let blockCapacity: Int
  /// Set by the producer before it pushes anything there, and nothing here from then on.
  var next: SampleRoom?
  let blocksPopped = Atomic<Int>(0)
  private let blocksPushed = Atomic<Int>(0)
  private let samplesPopped = Atomic<Int>(0)
  /// The producer's.
  private var samplesPushed = 0
  private let channels: Int
  private let samples: FloatBuffer
  @unsafe private let blocks: UnsafeMutablePointer<SampleBlock>

  init(samples sampleCapacity: Int, channels: Int, blocks blockCapacity: Int) {
    self.sampleCapacity = sampleCapacity
    self.blockCapacity = blockCapacity
    self.channels = channels
    samples = FloatBuffer(count: sampleCapacity * channels)
    unsafe blocks = .allocate(capacity: blockCapacity)
    unsafe blocks.initialize(repeating: SampleBlock.end(at: 0), count: blockCapacity)
  }

  deinit { unsafe blocks.deallocate() }

  // MARK: The producer's

  var samplesHeld: Int { samplesPushed - samplesPopped.load(ordering: .acquiring) }

  var blocksHeld: Int {
    blocksPushed.load(ordering: .relaxed) - blocksPopped.load(ordering: .acquiring)
  }

  @unsafe func push(_ block: SampleBlock, _ source: UnsafePointer<Float>?, count: Int) {
    if let source = unsafe source {
      let start = samplesPushed % sampleCapacity
      let first = min(count, sampleCapacity - start)
      unsafe (samples.base + start * channels).update(from: source, count: first * channels)
      unsafe samples.base.update(from: source + first * channels, count: (count - first) * channels)
      samplesPushed += count
    }
    let index = blocksPushed.load(ordering: .relaxed)
    unsafe blocks[index % blockCapacity] = block
    blocksPushed.store(index + 1, ordering: .releasing)
  }

  // MARK: The consumer's

  var hasBlock: Bool {
    blocksPushed.load(ordering: .acquiring) > blocksPopped.load(ordering: .relaxed)
  }

  /// The oldest block.
  var first: SampleBlock {
    unsafe blocks[blocksPopped.load(ordering: .relaxed) % blockCapacity]
  }

  /// Its samples, so many.
  @unsafe func parts(
    _ count: Int
  ) -> (UnsafeBufferPointer<Float>, UnsafeBufferPointer<Float>) {
    let start = samplesPopped.load(ordering: .relaxed) % sampleCapacity
    let first = min(count, sampleCapacity - start)
    return unsafe (
      UnsafeBufferPointer(start: samples.base + start * channels, count: first * channels),
      UnsafeBufferPointer(start: samples.base, count: (count - first) * channels)
    )
  }

  func pop(_ count: Int) {
    samplesPopped.store(samplesPopped.load(ordering: .relaxed) + count, ordering: .releasing)
    blocksPopped.store(blocksPopped.load(ordering: .relaxed) + 1, ordering: .releasing)
  }
}
