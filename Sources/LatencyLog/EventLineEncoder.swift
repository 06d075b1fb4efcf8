import PlainText

/// Writes one lane's events as NDJSON lines:
/// `{"lane":"silero","event":"start","label":"speech","position":8192,"time":0.512,"emitted":0.8}`.
///
/// `position` is in samples of the source and `time` in seconds, both of where the event is; `emitted` is
/// the earliest time of the stream at which it can be known. With labels there is `delay_ns`, from the true
/// instant to that time, or null where the labels have no such event. A token is
/// `{"lane":"words","event":"token","label":"AA","frame":51,"time":0.535,"begins":0.5175,"known":51,
/// "emitted":0.675}` on one line: the first frame of its run, that frame's `time` as in the outputs, where the
/// stretch begins that the frame stands for, and the frame by which it was known; its `delay_ns` is from the true end of a token to `time`. Nothing of the run's own timing is in
/// a line, so that two runs compare byte for byte.
public struct EventLineEncoder: Sendable {
  /// `{"lane":"name","event":"`, escaped once.
  private let head: [UInt8]
  /// `","label":"name"` of each output.
  private let labels: [[UInt8]]
  private let hasDelays: Bool

  /// - Parameters:
  ///   - lane: the lane's name; quotes, backslashes and control characters are escaped.
  ///   - labels: the names of its outputs.
  ///   - hasDelays: whether lines have a `delay_ns`.
  public init(lane: String, labels: [String], hasDelays: Bool) {
    var head: [UInt8] = []
    head.append("{\"lane\":")
    head.append(quoted: lane, shortening: false)
    head.append(",\"event\":\"")
    self.head = head
    self.labels = labels.map { label in
      var bytes: [UInt8] = []
      bytes.append("\",\"label\":")
      bytes.append(quoted: label, shortening: false)
      return bytes
    }
    self.hasDelays = hasDelays
  }

  /// Appends one line, its newline included.
  ///
  /// - Parameters:
  ///   - event: what it is called: `start`, `end` or `class`.
  ///   - output: index of the label.
  ///   - position: in samples of the source since the stream began.
  ///   - time: the same in seconds.
  ///   - emitted: when it can be known, in seconds.
  ///   - delay: from the true instant to that, in nanoseconds; nil without one.
  public func append(
    event: String, output: Int, position: Int64, time: Double, emitted: Double, delay: Int64?,
    to bytes: inout [UInt8]
  ) {
    bytes.append(contentsOf: head)
    bytes.append(contentsOf: event.utf8)
    bytes.append(contentsOf: labels[output])
    bytes.append(",\"position\":")
    bytes.append(decimal: position)
    bytes.append(",\"time\":")
    bytes.append(number: time)
    appendEnd(emitted: emitted, delay: delay, to: &bytes)
  }

  /// Appends a token's line, its newline included; `delay` as above.
  public func append(_ token: TokenRecord, delay: Int64?, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: head)
    bytes.append("token")
    bytes.append(contentsOf: labels[token.output])
    bytes.append(",\"frame\":")
    bytes.append(decimal: token.frame)
    bytes.append(",\"time\":")
    bytes.append(number: token.time)
    bytes.append(",\"begins\":")
    bytes.append(number: token.begins)
    bytes.append(",\"known\":")
    bytes.append(decimal: token.known.frame)
    appendEnd(emitted: token.emitted, delay: delay, to: &bytes)
  }

  private func appendEnd(emitted: Double, delay: Int64?, to bytes: inout [UInt8]) {
    bytes.append(",\"emitted\":")
    bytes.append(number: emitted)
    if hasDelays {
      bytes.append(",\"delay_ns\":")
      if let delay { bytes.append(decimal: delay) } else { bytes.append("null") }
    }
    bytes.append("}\n")
  }
}
