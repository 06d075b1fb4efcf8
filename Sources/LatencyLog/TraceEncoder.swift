import PlainText

/// Turns frame records into Chrome trace events, for Perfetto: a track a lane, a slice for every
/// front-end and model call, an instant for every miss, drop and gap.
public struct TraceEncoder: Sendable {
  private let deadlines: [Int64]

  /// The thread number of the input's track; those of the lanes follow. Viewers hide a thread 0, and
  /// take one of the process's own number for its main thread.
  static let inputTrack = 2

  public init(lanes: [LaneDescription]) { deadlines = lanes.map(\.deadline) }

  /// Appends the array's beginning and the tracks' names.
  public func appendHeader(lanes: [LaneDescription], to bytes: inout [UInt8]) {
    bytes += "[\n{\"ph\":\"M\",\"name\":\"process_name\",\"pid\":1,\"tid\":\(Self.inputTrack)".utf8
    bytes += Array(",\"args\":{\"name\":\"lockstep\"}}".utf8)
    for (index, name) in (["input"] + lanes.map(\.name)).enumerated() {
      let track = Self.inputTrack + index
      bytes += ",\n{\"ph\":\"M\",\"name\":\"thread_name\",\"pid\":1,\"tid\":\(track)".utf8
      bytes += Array(",\"args\":{\"name\":\(JSONString.quoted(name))}}".utf8)
    }
  }

  /// Appends a frame's events.
  public func append(_ record: FrameRecord, to bytes: inout [UInt8]) {
    let track = Self.inputTrack + 1 + record.lane
    appendSlice("front end", record.frontEndStart, record.frontEnd, track, record, to: &bytes)
    if record.dropped {
      appendInstant("drop", record.emission, track, record.frame, to: &bytes)
    } else if record.endsCall {
      appendSlice("model", record.modelStart, record.model, track, record, to: &bytes)
    }
    if record.misses(deadline: deadlines[record.lane]), !record.dropped {
      appendInstant("miss", record.emission, track, record.frame, to: &bytes)
    }
  }

  /// Appends a gap of the input, which began at an instant of the run.
  public func append(_ gap: Stretch, began instant: Int64, to bytes: inout [UInt8]) {
    appendInstant(
      "gap of \(gap.length) samples", instant, Self.inputTrack, gap.start, to: &bytes)
  }

  /// Appends the array's end.
  public func appendEnd(to bytes: inout [UInt8]) { bytes += Array("\n]\n".utf8) }

  private func appendSlice(
    _ name: String, _ start: Int64, _ duration: Int64, _ track: Int, _ record: FrameRecord,
    to bytes: inout [UInt8]
  ) {
    bytes += ",\n{\"ph\":\"X\",\"name\":\"\(name)\",\"pid\":1,\"tid\":\(track)".utf8
    bytes += ",\"ts\":\(Self.microseconds(start)),\"dur\":\(Self.microseconds(duration))".utf8
    bytes += Array(",\"args\":{\"frame\":\(record.frame)}}".utf8)
  }

  private func appendInstant(
    _ name: String, _ instant: Int64, _ track: Int, _ index: UInt64, to bytes: inout [UInt8]
  ) {
    bytes += ",\n{\"ph\":\"i\",\"s\":\"t\",\"name\":\"\(name)\",\"pid\":1,\"tid\":\(track)".utf8
    bytes += Array(",\"ts\":\(Self.microseconds(instant))".utf8)
    bytes += Array(",\"args\":{\"index\":\(index)}}".utf8)
  }

  /// Nanoseconds as microseconds with three digits.
  private static func microseconds(_ nanoseconds: Int64) -> String {
    let (whole, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000)
    let digits = String(rest)
    return (nanoseconds < 0 ? "-" : "") + "\(whole)."
      + String(repeating: "0", count: 3 - digits.count) + digits
  }
}
