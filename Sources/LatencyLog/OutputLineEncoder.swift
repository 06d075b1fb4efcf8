import PlainText

/// Writes one lane's outputs as NDJSON lines:
/// `{"lane":"speech-lstm","frame":0,"time":0.025,"output":[0.0123]}`.
///
/// Numbers are the shortest text that reads back as the same value, as Swift prints it; what is not
/// finite becomes `null`. No timing is in a line, so that two runs compare byte for byte.
public struct OutputLineEncoder: Sendable {
  /// `{"lane":"name","frame":`, escaped once.
  private let head: [UInt8]

  /// - Parameter lane: the lane's name; quotes, backslashes and control characters are escaped.
  public init(lane: String) {
    var head: [UInt8] = []
    head.append("{\"lane\":")
    head.append(quoted: lane, shortening: false)
    head.append(",\"frame\":")
    self.head = head
  }

  /// Appends one line, its newline included. Allocates only when the bytes outgrow their capacity
  /// or the time takes more than 15 characters.
  ///
  /// - Parameters:
  ///   - frame: absolute index of the frame.
  ///   - time: end of the frame's last sample, in seconds since the stream began.
  ///   - output: `[outputSize]`.
  public func append(
    frame: UInt64, time: Double, output: borrowing Span<Float>, to bytes: inout [UInt8]
  ) {
    bytes.append(contentsOf: head)
    bytes.append(decimal: frame)
    bytes.append(",\"time\":")
    bytes.append(number: time)
    bytes.append(",\"output\":[")
    for index in output.indices {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes.append(number: output[index])
    }
    bytes.append("]}\n")
  }
}
