import PlainText

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
