import LatencyLog
import Results
import StreamCore

/// Keeps the tokens of one lane, and where their delay went, until they are judged against labels.
///
/// Some 80 bytes a token in an array that grows, so that it belongs to the writer.
public struct TokenMeter: Sendable, Restorable {
  public let reference: TokenReference
  public package(set) var timing: TokenTiming
  /// In order.
  private(set) var tokens: [HeardToken] = []
  /// Where the stream ended so far, in nanoseconds.
  private(set) var end: Int64 = 0

  public init(_ reference: TokenReference, timing: TokenTiming) {
    self.reference = reference
    self.timing = timing
  }

  /// Takes a token. Allocates only when its array outgrows its capacity.
  public mutating func add(_ token: TokenRecord) {
    let time = Int64(seconds: token.time)
    tokens.append(
      HeardToken(
        output: token.output, time: time, search: Int64(seconds: token.knownTime) - time,
        chunk: token.known.buffering,
        computing: token.known.frontEnd + token.known.model + token.known.emit,
        queue: token.known.queue))
  }

  /// Takes note of a frame whose last sample ends at `time`, in seconds.
  public mutating func advance(to time: Double) { end = max(end, Int64(seconds: time)) }

  public mutating func exchange(with archive: inout StateArchive) {
    archive.list(&tokens, blank: .blank)
    archive.value(&end)
  }
}

/// What of a lane's delays is the same for all its tokens, in nanoseconds of the schedule's time.
public struct TokenTiming: Sendable, Equatable {
  /// How many times faster than its own pace the input comes: what lies in the stream is shorter by it.
  public var factor: Double
  /// What lies before arrival: the window, and what a resampler waits for.
  public var signalDelay: Int64
  /// The resampler's part of that, which a frame's `time` does not have.
  public var resamplerDelay: Int64

  public init(factor: Double = 1, signalDelay: Int64, resamplerDelay: Int64 = 0) {
    self.factor = factor
    self.signalDelay = signalDelay
    self.resamplerDelay = resamplerDelay
  }

  /// So many nanoseconds of the stream in the schedule's time.
  func scheduled(_ nanoseconds: Int64) -> Int64 {
    factor == 1 ? nanoseconds : Int64((Double(nanoseconds) / factor).rounded())
  }
}

/// A token as a lane gave it, in nanoseconds.
struct HeardToken: Sendable, Equatable, Restorable {
  var output: Int
  /// The end of its frame in the stream.
  var time: Int64
  /// From there to the end of the frame by which it was known, in the stream.
  var search: Int64
  /// Parts of that frame's response time.
  var chunk: Int64
  var computing: Int64
  var queue: Int64

  /// Before anything is known of it.
  static let blank = HeardToken(output: 0, time: 0, search: 0, chunk: 0, computing: 0, queue: 0)

  mutating func exchange(with archive: inout StateArchive) {
    archive.value(&output)
    archive.value(&time)
    archive.value(&search)
    archive.value(&chunk)
    archive.value(&computing)
    archive.value(&queue)
  }

  /// Where the delay went that is felt of a token whose true end was at an instant of the stream. The parts
  /// add up to it.
  func delays(after end: Int64, _ timing: TokenTiming) -> TokenDelayParts<Int64> {
    let emission = timing.scheduled(time - end)
    return TokenDelayParts { part in
      switch part {
      case .signal: timing.signalDelay
      case .own: emission + timing.resamplerDelay - timing.signalDelay
      case .search: timing.scheduled(search)
      case .chunk: chunk
      case .computing: computing
      case .queue: queue
      }
    }
  }
}
