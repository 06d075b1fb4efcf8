/// An NDJSON line: an array of numbers, or `{"time": seconds, "values": [numbers]}`.
///
/// The first line decides which of the two, and how many numbers; all others must be like it.
struct NDJSONFormat: LineFormat {
  let channelCount: Int
  let hasTime: Bool

  /// Takes the form of the first line.
  init(first line: borrowing Span<UInt8>) throws(LineError) {
    var values: [Float] = []
    hasTime = try NDJSONLine.parse(line, into: &values) != nil
    channelCount = values.count
    guard SourceLimit.channels.contains(channelCount) else {
      throw LineError(" has \(channelCount) values, expected \(SourceLimit.channelText)")
    }
  }

  func parse(
    _ line: borrowing Span<UInt8>, into values: inout [Float]
  ) throws(LineError) -> Double? {
    values.removeAll(keepingCapacity: true)
    let time = try NDJSONLine.parse(line, into: &values)
    guard values.count == channelCount else {
      throw LineError(
        " has \(values.count) \(values.count == 1 ? "value" : "values"), expected \(channelCount) "
          + "as in the lines before it")
    }
    guard (time != nil) == hasTime else {
      throw LineError(
        hasTime
          ? " is an array, expected an object with time as in the lines before it"
          : " is an object, expected an array as in the lines before it")
    }
    return time
  }
}
