import PlainText

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
  /// The file that the model came from; nil for one that came from none.
  public var model: ModelOrigin?
  /// Frames that one call of the model takes; nil for an architecture without chunks.
  public var chunkSize: Int?
  /// Frames before the chunk that attention may see; nil for an architecture without.
  public var leftContext: Int?
  /// Prefixes that the search for tokens keeps, 1 without a search; nil of a lane that gives none.
  public var beam: Int?
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
    name: String, architecture: String, precision: String, kv: String? = nil,
    model: ModelOrigin? = nil, deadline: Int64, framePeriod: Double, modelRate: Int,
    resampling: Resampling? = nil, chunkSize: Int? = nil, leftContext: Int? = nil,
    beam: Int? = nil, warmUpFrames: Int? = nil, algorithmicLatency: Int64, signalDelay: Int64,
    stateBytes: Int, weightBytes: Int, macsPerFrame: Int
  ) {
    self.name = name
    self.architecture = architecture
    self.precision = precision
    self.kv = kv
    self.model = model
    self.chunkSize = chunkSize
    self.leftContext = leftContext
    self.beam = beam
    self.deadline = deadline
    self.warmUpFrames = warmUpFrames ?? max(100, 2 * (chunkSize ?? 1))
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
  /// The file of a model, by which it can be found again.
  public struct ModelOrigin: Sendable, Equatable {
    /// As it was given.
    public var path: String
    /// The SHA-256 of its bytes, in hexadecimal.
    public var sha256: String

    public init(path: String, sha256: String) {
      self.path = path
      self.sha256 = sha256
    }
  }

  /// Whether frames wait for others of their chunk, each as its place in it says.
  public var hasWaitingInChunk: Bool { (chunkSize ?? 1) > 1 }

  /// What to say of a deadline that the lane's algorithmic latency alone is over; nil for any other.
  public var impossibleDeadline: String? {
    guard deadline < algorithmicLatency, let chunkSize, framePeriod > 0 else { return nil }
    // A frame waits one period for each later one of its chunk.
    let inTime = Int(Double(deadline) / framePeriod) + 1
    let late = max(1, chunkSize - inTime)
    return "lane \(name): its deadline of \(DurationText.format(deadline)) is below its algorithmic"
      + " latency of \(DurationText.format(algorithmicLatency)): the first"
      + " \(late == 1 ? "frame" : "\(late) frames") of each chunk of \(chunkSize) must miss it"
  }

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
