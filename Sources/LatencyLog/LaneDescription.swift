/// What is known of a lane before its first frame.
public struct LaneDescription: Sendable, Equatable {
  /// Unique among the lanes of a run.
  public var name: String
  /// As in the model file, such as `lstm` or `streaming_transformer`.
  public var architecture: String
  /// Of the weights in the kernels: `f32`, `bf16` or `int8`.
  public var precision: String
  /// Of keys and values: `f32` or `bf16`; nil where there are none.
  public var kv: String?
  /// A frame whose response time is over it is a miss, in nanoseconds.
  public var deadline: Int64
  /// Frames at the start of the run that percentiles leave out.
  public var warmUpFrames: Int
  /// Nanoseconds from one frame to the next; a fraction where hop / rate is no whole number.
  public var framePeriod: Double
  /// Samples a second that the front end expects.
  public var modelRate: Int
  /// How the source's samples are brought to that rate; nil where they have it.
  public var resampling: Resampling?
  /// Frames after n that must arrive before n's output can, in nanoseconds.
  public var algorithmicLatency: Int64
  /// What lies before arrival (window, group delay), in nanoseconds; never in a response time.
  public var signalDelay: Int64
  /// Bytes of one stream's state.
  public var stateBytes: Int
  /// Bytes of the weights as loaded.
  public var weightBytes: Int
  /// Multiply-adds that one frame costs.
  public var macsPerFrame: Int

  /// A description; `warmUpFrames` defaults to the larger of 100 frames and two chunks.
  public init(
    name: String, architecture: String, precision: String, kv: String? = nil, deadline: Int64,
    framePeriod: Double, modelRate: Int, resampling: Resampling? = nil,
    chunkSize: Int = 1, warmUpFrames: Int? = nil, algorithmicLatency: Int64, signalDelay: Int64,
    stateBytes: Int, weightBytes: Int, macsPerFrame: Int
  ) {
    self.name = name
    self.architecture = architecture
    self.precision = precision
    self.kv = kv
    self.deadline = deadline
    self.warmUpFrames = warmUpFrames ?? max(100, 2 * chunkSize)
    self.framePeriod = framePeriod
    self.modelRate = modelRate
    self.resampling = resampling
    self.algorithmicLatency = algorithmicLatency
    self.signalDelay = signalDelay
    self.stateBytes = stateBytes
    self.weightBytes = weightBytes
    self.macsPerFrame = macsPerFrame
  }
}

extension LaneDescription {
  /// A filter between the source and the front end.
  public struct Resampling: Sendable, Equatable {
    /// Samples a second that the source has.
    public var sourceRate: Int
    /// Source samples under one output.
    public var taps: Int
    /// The part of the signal delay that waits for the filter's look-ahead, in nanoseconds.
    public var delay: Int64

    /// Seconds of the source after an output's instant that it needs, whatever the pace.
    public var lookAhead: Double { Double(taps / 2) / Double(sourceRate) }

    public init(sourceRate: Int, taps: Int, delay: Int64) {
      self.sourceRate = sourceRate
      self.taps = taps
      self.delay = delay
    }
  }
}
