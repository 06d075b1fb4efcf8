import PlainText

/// How many of its neighbours a frame takes along: frame t becomes the frames t - left ... t + right, one
/// behind the other, with zeros for those outside of the stream. As `splice` of a model file.
public struct Splice: Sendable, Equatable {
  /// Frames before.
  public let left: Int
  /// Frames after, for which frame t has to wait.
  public let right: Int

  /// The most frames on either side.
  private static let limit = 1_024

  /// Throws `ConfigurationError` for what cannot be.
  public init(left: Int, right: Int) throws(ConfigurationError) {
    try ConfigurationError.check("left", left, in: 0...Self.limit)
    try ConfigurationError.check("right", right, in: 0...Self.limit)
    self.left = left
    self.right = right
  }

  /// Takes the fields of `splice` in the metadata's `front_end`.
  public init(_ value: JSONValue, owner: String) throws(FileDefect) {
    var fields = try JSONFields(value, owner: owner)
    let left = try fields.integer("left")
    let right = try fields.integer("right")
    try fields.finish()
    do { try self.init(left: left, right: right) } catch { throw FileDefect("\(owner): \(error)") }
  }

  /// Frames in one.
  public var count: Int { left + right + 1 }

  /// For people.
  public var text: String { "left \(left), right \(right)" }

  /// What makes them for one stream: frames `[frames, frameSize]` in, `[frames, count * frameSize]` out,
  /// each `right` frames later and the last ones with `finish`. Allocates.
  public func makeStream(frameSize: Int) -> AnyFrameProcessor {
    AnyFrameProcessor(Stream(splice: self, frameSize: frameSize))
  }
}

extension Splice {
  /// The last frames of one stream, among which are the neighbours of one that is still to come out.
  struct Stream: ~Copyable, FrameProcessor {
    let splice: Splice
    let frameSize: Int
    /// `[count, frameSize]` twice over, so that the last `count` frames lie in one piece.
    private let held: FloatBuffer
    /// Where the next frame goes, 0 ..< count.
    private var place = 0
    /// Frames that are still to come out.
    private(set) var waiting = 0

    init(splice: Splice, frameSize: Int) {
      self.splice = splice
      self.frameSize = frameSize
      held = FloatBuffer(count: Self.valueCount(splice, frameSize: frameSize))
    }

    /// Values of state.
    static func valueCount(_ splice: Splice, frameSize: Int) -> Int { 2 * splice.count * frameSize }

    var inputSize: Int { frameSize }
    var outputSize: Int { splice.count * frameSize }
    var chunkSize: Int { splice.right + 1 }
    var algorithmicLatency: Int { splice.right }

    func outputCapacity(forFrames count: Int) -> Int { waiting + count }

    /// Takes a frame, nil for one of zeros; returns the last `count` of them, `[outputSize]`, which live
    /// until the next call. Does not allocate.
    @unsafe private mutating func push(_ frame: UnsafePointer<Float>?) -> UnsafePointer<Float> {
      for copy in 0..<2 {
        let target = unsafe held.base + (place + copy * splice.count) * frameSize
        if let frame = unsafe frame {
          unsafe target.update(from: frame, count: frameSize)
        } else {
          unsafe target.update(repeating: 0, count: frameSize)
        }
      }
      place = (place + 1) % splice.count
      return unsafe UnsafePointer(held.base + place * frameSize)
    }

    /// Takes a frame; returns the spliced one that it completes, if any. Does not allocate.
    @unsafe mutating func take(_ frame: UnsafePointer<Float>) -> UnsafePointer<Float>? {
      let last = unsafe push(frame)
      guard waiting < splice.right else { return unsafe last }
      waiting += 1
      return nil
    }

    /// The end of the input: returns how many frames wait, each of which `drained` gives. Does not
    /// allocate.
    mutating func beginDraining() -> Int {
      for _ in waiting..<splice.right { _ = unsafe push(nil) }
      defer { waiting = 0 }
      return waiting
    }

    /// The next frame that waited, with zeros behind the stream's last one.
    @unsafe mutating func drained() -> UnsafePointer<Float> { unsafe push(nil) }

    mutating func process(_ frames: Span<Float>, into output: inout MutableSpan<Float>) -> Int {
      let count = frameCount(of: frames)
      precondition(output.count >= outputCapacity(forFrames: count) * outputSize, "no room")
      var written = 0
      unsafe frames.withUnsafeBufferPointer { source in
        unsafe output.withUnsafeMutableBufferPointer { destination in
          guard let x = source.baseAddress, let y = destination.baseAddress else { return }
          for frame in 0..<count {
            guard let spliced = unsafe take(x + frame * frameSize) else { continue }
            unsafe (y + written * outputSize).update(from: spliced, count: outputSize)
            written += 1
          }
        }
      }
      return written
    }

    mutating func finish(into output: inout MutableSpan<Float>) -> Int {
      precondition(output.count >= waiting * outputSize, "no room")
      let count = beginDraining()
      unsafe output.withUnsafeMutableBufferPointer { destination in
        guard let y = destination.baseAddress else { return }
        for frame in 0..<count {
          unsafe (y + frame * outputSize).update(from: drained(), count: outputSize)
        }
      }
      return count
    }

    /// Frames that were skipped are zeros to their neighbours. Only where nothing waits for later ones.
    mutating func advance(frames: Int, stream: Int) {
      precondition(splice.right == 0, "frames that wait for later ones cannot be skipped")
      for _ in 0..<min(frames, splice.count) { _ = unsafe push(nil) }
    }

    mutating func exchange(stream: Int, with archive: inout StateArchive) {
      archive.memory(held)
      archive.value(&place)
      archive.value(&waiting)
      archive.check((0..<splice.count).contains(place) && (0...splice.right).contains(waiting))
    }

    mutating func reset(stream: Int, at position: UInt64) {
      checkStream(stream)
      held.zero(0..<held.count)
      place = 0
      waiting = 0
    }
  }
}
