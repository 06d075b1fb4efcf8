import PlainText

/// Writes one lane's outputs as NDJSON lines:
/// `{"lane":"speech-lstm","frame":0,"time":0.025,"output":[0.0123]}`; or what its model gets, as
/// `{"frame":0,"time":0.025,"features":[0.0123]}`.
///
/// Numbers are the shortest text that reads back as the same value, as Swift prints it; what is not
/// finite becomes `null`. No timing is in a line, so that two runs compare byte for byte. A line of several
/// inputs begins with its own: `{"input":"talk.wav","lane":...`.
public struct OutputLineEncoder: Sendable {
  /// All up to the frame, escaped once.
  private let head: [UInt8]
  /// `,"output":[`
  private let values: [UInt8]

  /// - Parameters:
  ///   - lane: the lane's name; quotes, backslashes and control characters are escaped.
  ///   - input: the input's, where there are several.
  public init(lane: String, input: String? = nil) {
    var head: [UInt8] = []
    head.append("{")
    if let input {
      head.append("\"input\":")
      head.append(quoted: input, shortening: false)
      head.append(",")
    }
    head.append("\"lane\":")
    head.append(quoted: lane, shortening: false)
    head.append(",\"frame\":")
    self.head = head
    values = Array(",\"output\":[".utf8)
  }

  private init(head: String, values: String) {
    self.head = Array(head.utf8)
    self.values = Array(values.utf8)
  }

  /// Of frames that nothing became of yet.
  public static let features = OutputLineEncoder(
    head: "{\"frame\":", values: ",\"features\":[")

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
    bytes.append(contentsOf: values)
    for index in output.indices {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes.append(number: output[index])
    }
    bytes.append("]}\n")
  }
}
