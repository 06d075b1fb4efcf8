/// One minute of one lane, so that hours can be read at a glance.
public struct DriftMinute: Sendable, Equatable {
  /// From 0, by frames.
  public var minute: Int
  /// Norm of the recurrent state as the lane last saw it, ten seconds ago at most.
  public var stateNorm: Double?
  /// Share of the KV cache that held a position.
  public var cacheFill: Double?
  /// Mean of the first output value; nil when every frame was dropped.
  public var outputMean: Double?
  /// In nanoseconds; nil for fewer than 1,000 frames.
  public var responseP99: Int64?
  /// Resident memory of the process, in bytes.
  public var residentBytes: Int?

  public init(
    minute: Int, stateNorm: Double?, cacheFill: Double?, outputMean: Double?, responseP99: Int64?,
    residentBytes: Int?
  ) {
    self.minute = minute
    self.stateNorm = stateNorm
    self.cacheFill = cacheFill
    self.outputMean = outputMean
    self.responseP99 = responseP99
    self.residentBytes = residentBytes
  }

  var json: JSONValue {
    func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
    func integer(_ value: (some BinaryInteger)?) -> JSONValue {
      value.map { .integer($0) } ?? .null
    }
    return .object([
      ("minute", .integer(minute)), ("state_norm", number(stateNorm)),
      ("cache_fill", number(cacheFill)), ("output_mean", number(outputMean)),
      ("response_p99_ns", integer(responseP99)), ("resident_bytes", integer(residentBytes)),
    ])
  }
}
