internal import CStreamKernels

extension StreamingTransformer {
  /// The rows of frames that one call runs, and whose they are; all of them, or a group.
  @unsafe struct Rows {
    /// The streams that take part; nil for all of them.
    let list: UnsafePointer<Int>?
    /// How many take part.
    let streamCount: Int
    /// Of each stream.
    let frames: Int
    /// Rows from stream to stream, and from frame to frame of a stream.
    let streamStep: Int
    let frameStep: Int
    /// Which of the streams that take part these rows are of.
    var places: Range<Int>

    init(
      list: UnsafePointer<Int>?, streamCount: Int, frames: Int, streamStep: Int, frameStep: Int
    ) {
      unsafe self.list = list
      unsafe self.streamCount = streamCount
      unsafe self.frames = frames
      unsafe self.streamStep = streamStep
      unsafe self.frameStep = frameStep
      unsafe places = 0..<streamCount
    }

    var count: Int { unsafe places.count * frames }

    /// The first of these rows.
    var first: Int { unsafe places.lowerBound * streamStep }

    func stream(_ place: Int) -> Int {
      if let list = unsafe list { unsafe list[place] } else { place }
    }

    /// Streams that go through a layer together, so that the next ones' keys and values come from memory
    /// while the products of these compute: as many as the rows of a product's largest tile.
    private static let groupSize = 6

    /// Only streams with a frame each have groups: more frames keep the products busy for longer than
    /// their keys and values take.
    private var hasGroups: Bool { unsafe frames == 1 && streamCount > Self.groupSize }

    /// The first group, or all rows where there are none.
    var firstGroup: Rows {
      guard unsafe hasGroups else { return unsafe self }
      var rows = unsafe self
      unsafe rows.places = 0..<Self.groupSize
      return unsafe rows
    }

    /// The group behind this one; nil behind the last.
    var nextGroup: Rows? {
      guard unsafe hasGroups && places.upperBound < streamCount else { return nil }
      var rows = unsafe self
      let end = unsafe min(places.upperBound + Self.groupSize, streamCount)
      unsafe rows.places = places.upperBound..<end
      return unsafe rows
    }
  }

  /// The keys and values that attention reads next, which products bring closer meanwhile.
  @unsafe struct KVAhead {
    private var keys = unsafe ck_ahead()
    private var values = unsafe ck_ahead()

    /// From now on those of one group in a layer, if its streams lie side by side.
    mutating func aim(at cache: borrowing KVCache, layer: Int, rows: Rows) {
      let streams =
        unsafe rows.stream(
          rows.places.lowerBound)...rows.stream(
          rows.places.upperBound - 1)
      guard unsafe streams.count == rows.places.count else { return }
      let start = cache.layout.start(layer: layer, stream: streams.lowerBound)
      let end = cache.layout.start(layer: layer, stream: streams.upperBound + 1)
      unsafe keys = Self.range(cache.keys, start..<end, size: cache.layout.headSize)
      unsafe values = Self.range(cache.values, start..<end, size: cache.layout.valueStride)
    }

    /// What a product takes from: keys first, then values.
    mutating func withPart(_ body: (UnsafeMutablePointer<ck_ahead>) -> Void) {
      if let next = unsafe keys.next, let end = unsafe keys.end, unsafe next < end {
        unsafe body(&keys)
      } else {
        unsafe body(&values)
      }
    }

    private static func range(_ block: MemoryBlock, _ heads: Range<Int>, size: Int) -> ck_ahead {
      let base = unsafe UnsafePointer(block.base.assumingMemoryBound(to: CChar.self))
      return unsafe ck_ahead(
        next: base + heads.lowerBound * size, end: base + heads.upperBound * size)
    }
  }
}
