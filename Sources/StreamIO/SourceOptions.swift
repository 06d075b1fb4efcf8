/// What a user says about an input, and the way from there to a source.
public struct SourceOptions: Sendable, Equatable {
  /// How the input is written; nil follows a file's extension, and is WAV on a pipe.
  public var format: SourceFormat?
  /// Samples a second; overrides what the input says.
  public var rate: Int?
  /// Channels: 1 where nobody says; an input that says otherwise is an error.
  public var channels: Int?
  /// Whether samples are stamped with the instant at which they were captured.
  public var isLive: Bool

  public init(
    format: SourceFormat? = nil, rate: Int? = nil, channels: Int? = nil, isLive: Bool = false
  ) {
    self.format = format
    self.rate = rate
    self.channels = channels
    self.isLive = isLive
  }
}
