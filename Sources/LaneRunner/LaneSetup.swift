import ModelFiles

/// What a lane is to be: a name, a model with its front end, and a deadline.
public struct LaneSetup: Sendable {
  /// Unique among the lanes of a run.
  public var name: String
  public var file: ModelFile
  /// Nanoseconds; nil for the lane's algorithmic latency plus one frame period.
  public var deadline: Int64?

  public init(name: String, file: ModelFile, deadline: Int64? = nil) {
    self.name = name
    self.file = file
    self.deadline = deadline
  }
}
