/// A stretch of the input in which the labels say that an output should be high.
public struct LabelledStretch: Sendable {
  /// Seconds since the stream began.
  public var start: Double
  public var end: Double
  /// The output's name.
  public var output: String

  public init(start: Double, end: Double, output: String) {
    self.start = start
    self.end = end
    self.output = output
  }
}
