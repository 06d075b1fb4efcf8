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
    var head = Array(#"{"lane":""#.utf8)
    for byte in lane.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): head += [UInt8(ascii: "\\"), byte]
      case 0..<0x20:
        head += Array(#"\u00"#.utf8) + [hexDigit(byte >> 4), hexDigit(byte & 15)]
      default: head.append(byte)
      }
    }
    self.head = head + Array(#"","frame":"#.utf8)
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
    OutputLineEncoder.append(frame, to: &bytes)
    OutputLineEncoder.append(#","time":"#, to: &bytes)
    OutputLineEncoder.append(time.description, to: &bytes)
    OutputLineEncoder.append(#","output":["#, to: &bytes)
    for index in output.indices {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      // A description of at most 15 characters, as every Float's is, lives in the String itself.
      OutputLineEncoder.append(
        output[index].isFinite ? output[index].description : "null", to: &bytes)
    }
    OutputLineEncoder.append("]}\n", to: &bytes)
  }

  private static func append(_ text: String, to bytes: inout [UInt8]) {
    var text = text
    text.withUTF8 { unsafe bytes.append(contentsOf: $0) }
  }

  /// The decimal digits.
  private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
    let start = bytes.count
    var rest = value
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    for offset in 0..<(bytes.count - start) / 2 {
      bytes.swapAt(start + offset, bytes.count - 1 - offset)
    }
  }
}

private func hexDigit(_ value: UInt8) -> UInt8 {
  value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}
