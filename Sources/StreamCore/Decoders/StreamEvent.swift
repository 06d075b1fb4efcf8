/// Something that a model's outputs say of the stream: speech begins or ends, the class is another one.
public struct StreamEvent: Sendable, Equatable {
  public enum Kind: String, Sendable {
    case start
    case end
    /// Of a model of several outputs: from here on another one is the largest.
    case change = "class"
  }

  public var kind: Kind
  /// Which output it is about.
  public var output: Int
  /// Where it is, in samples at the model's rate since the stream began, padding included.
  public var position: Int64
  /// The same without padding.
  public var edge: Int64
}

extension StreamEvent: Restorable {
  /// Before anything is known of it.
  package static let blank = StreamEvent(kind: .start, output: 0, position: 0, edge: 0)
  private static let kinds: [Kind] = [.start, .end, .change]

  public mutating func exchange(with archive: inout StateArchive) {
    var index = Self.kinds.firstIndex(of: kind) ?? 0
    archive.value(&index)
    archive.check(Self.kinds.indices.contains(index))
    if !archive.isDamaged { kind = Self.kinds[index] }
    archive.value(&output)
    archive.value(&position)
    archive.value(&edge)
    archive.check(max(position.magnitude, edge.magnitude) < 1 << 48)
  }
}

/// Which samples a frame stands for: a hop around the centre of its window.
public struct EventGrid: Sendable, Equatable {
  /// Samples a second.
  public let sampleRate: Int
  public let hop: Int
  public let window: Int

  public init(_ frontEnd: any FrontEnd) {
    self.init(sampleRate: frontEnd.sampleRate, hop: frontEnd.hop, window: frontEnd.window)
  }

  public init(sampleRate: Int, hop: Int, window: Int) {
    self.sampleRate = sampleRate
    self.hop = hop
    self.window = window
  }

  /// The first sample that a frame stands for; the next frame's is the first one after it.
  public func start(of frame: UInt64) -> Int64 {
    Int64(frame) * Int64(hop) + Int64(window - hop) / 2
  }

  /// Whether a frame lies where samples are far from overflow; every stream's do.
  func reaches(_ frame: UInt64) -> Bool { frame < 1 << 48 / UInt64(hop) }

  /// The sample behind a frame's last one, at whose arrival it is complete.
  public func end(of frame: UInt64) -> Int64 { Int64(frame) * Int64(hop) + Int64(window) }

  /// The instant of a sample in seconds, on the clock on which a frame's last sample ends at `time`.
  public func seconds(atSample sample: Int64, ofFrame frame: UInt64, endingAt time: Double)
    -> Double
  {
    let origin = time - Double(end(of: frame)) / Double(sampleRate)
    // Without stamps the origin is 0 but for rounding, which no time should show.
    return (abs(origin) < 1e-9 ? 0 : origin) + Double(sample) / Double(sampleRate)
  }

  /// Samples in so many milliseconds.
  func samples(milliseconds: Int) -> Int64 { Int64(sampleRate) * Int64(milliseconds) / 1_000 }
}

/// When an event is one; durations in milliseconds. The values are those of Silero VAD.
public struct EventRule: Sendable, Equatable {
  /// Speech begins at an output of at least this,
  public var threshold: Float = 0.5
  /// and ends at one below this, 0.15 less than the threshold.
  public var quietThreshold: Float = 0.35
  /// Speech that is no longer is none; a class that is no longer the largest is none.
  public var minimumSpeech = 250
  /// Silence that is shorter is a part of the speech around it.
  public var minimumSilence = 100
  /// What is added before and behind speech.
  public var padding = 30

  public init() {}
}
