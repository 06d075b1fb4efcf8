import PlainText

/// Where samples come from: a sound file, a pipe, a device. Owned by one thread.
///
/// A read that meets bad data first returns the samples before it; the next read throws, and so
/// does every later one. No read waits longer than 50 ms for input that is not there.
public protocol SampleSource: AnyObject {
  /// Samples a second, or nil when neither the input nor the options say.
  var sampleRate: Int? { get }
  /// Samples a second that the first stamps show; nil without, and where the options say the rate.
  var stampedRate: Double? { get }
  /// What channels can be taken from, in a text input whose values have names or numbers; nil for any
  /// other.
  var columns: SourceColumns? { get }
  /// Scalars a sample: the last dimension of what `read` delivers. Of `columns` all, until some are taken.
  var channelCount: Int { get }
  /// Samples in the whole input when that is known beforehand, for progress.
  var sampleCount: UInt64? { get }

  /// What opening took for granted, a sentence each, for people.
  var notes: [String] { get }

  /// Whether the samples are sound, for which there are other models than for sensors.
  var isSound: Bool { get }

  /// Where the newest sample that was read or lost lies on the clock of the input's stamps; nil without.
  var gridPoint: GridPoint? { get }
  /// What is known of the input's clock by now.
  var clock: SourceClock { get }
  /// Where a live input's clock stood still, so far.
  var pauses: [SourceClock.Pause] { get }
  /// What became of lines that did not hold a sample.
  var badLines: BadLines { get }

  /// Says how many samples a second the run takes the input to have, before the first read.
  func adopt(rate: Int)

  /// Takes these of the columns as the channels, in this order, before the first read.
  func take(columns: [Int])

  /// Reads what is there, at most as many whole samples as the buffer holds.
  ///
  /// - Parameter buffer: receives `[samples, channels]`; must have room for one sample at least.
  func read(into buffer: UnsafeMutableBufferPointer<Float>) throws(SourceError) -> SourceEvent

  /// Whether the input begins with its first sample again when it is opened again; a device does not.
  var beginsAnew: Bool { get }

  /// Passes over so many samples, before the first read, without reading them; false, and nothing has
  /// changed, where they have to be read.
  func skip(samples: UInt64) -> Bool

  /// Samples that were lost by now and that no event has told of, such as those of a device that is
  /// away at the moment; nil for none. Asked once, by whoever stops reading.
  func lossWhenStopped() -> UInt64?
}

extension SampleSource {
  public var isSound: Bool { true }
  public var stampedRate: Double? { nil }
  public var columns: SourceColumns? { nil }
  public var notes: [String] { [] }
  public var gridPoint: GridPoint? { nil }
  public var clock: SourceClock { SourceClock() }
  public var pauses: [SourceClock.Pause] { [] }
  public var badLines: BadLines { BadLines() }

  public func adopt(rate: Int) {}

  public func take(columns: [Int]) {}

  public var beginsAnew: Bool { true }

  public func skip(samples: UInt64) -> Bool { false }

  public func lossWhenStopped() -> UInt64? { nil }
}

/// What one read of a source brought.
public enum SourceEvent: Sendable, Equatable {
  /// `count` samples (at least 1) are in the buffer, interleaved `[samples, channels]`.
  ///
  /// `instant` is, for a live source, the monotonic time in ns at which the newest of them was
  /// captured; for a recording with time stamps, the ns since its start at which the newest arrives
  /// (such a source delivers one sample an event); otherwise nil: arrivals follow from positions.
  case samples(count: Int, instant: Int64?)
  /// So many samples were lost here: a hole in a time column, an overrun of a device.
  case gap(length: UInt64)
  /// Nothing yet: the wait timed out, so that the caller can look whether it should stop.
  case idle
  /// The input has ended. Every later read says so again.
  case end
}

/// Why a source cannot go on: a kind that fixes the exit code, and one sentence for people.
///
/// The sentence says what is wrong, where (file, line counted from 1 with the header included,
/// sample counted from 0, byte) and what was expected. It has no full stop and no prefix, and no
/// control characters, whatever stands in the input.
public struct SourceError: Error, Equatable, CustomStringConvertible {
  /// What went wrong, as far as a program needs to know.
  public enum Kind: Sendable, Equatable {
    /// Options that make no sense for this input.
    case usage
    /// The input's content: malformed, truncated, empty, not finite.
    case badData
    /// The input is missing, unreadable or a directory.
    case missingInput
    /// A capture device that has gone, or that another program has.
    case deviceGone
    /// More memory would be needed than there is.
    case memory
    /// The operating system failed to read.
    case inputOutput
    /// The caller asked to stop while the source was being opened.
    case stopped

    /// The exit code of sysexits.h; 130 for `stopped`, whose caller knows its signal better.
    public var exitCode: Int32 {
      switch self {
      case .usage: 64
      case .badData: 65
      case .missingInput: 66
      case .deviceGone: 69
      case .memory: 71
      case .inputOutput: 74
      case .stopped: 130
      }
    }
  }

  public let kind: Kind
  public let message: String

  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message.printable
  }

  /// The exit code of `kind`.
  public var exitCode: Int32 { kind.exitCode }

  public var description: String { message }
}
