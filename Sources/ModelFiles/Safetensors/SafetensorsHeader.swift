import PlainText

/// The JSON header of a safetensors file, checked against the bytes of data that follow it.
struct SafetensorsHeader: Sendable {
  /// Where a tensor is; `begin` and `end` count bytes of the data, after the header.
  struct Tensor: Sendable {
    let name: String
    let element: TensorElement
    let shape: [Int]
    let begin: Int
    let end: Int
  }

  private(set) var metadata: [String: String] = [:]
  /// In the header's order.
  private(set) var tensors: [Tensor] = []

  init(_ json: [UInt8], dataSize: Int) throws(FileDefect) {
    guard json.first == UInt8(ascii: "{") else {
      throw FileDefect("not a safetensors file, its header does not begin with {")
    }
    let root: JSONValue
    do {
      root = try JSONValue(parsing: json)
    } catch {
      throw FileDefect("header: \(error.reason)")
    }
    guard case .object(let members) = root else { throw FileDefect("header is not an object") }
    for member in members {
      if member.key == "__metadata__" {
        metadata = try Self.strings(member.value)
      } else {
        tensors.append(try Self.tensor(member.key, member.value, dataSize: dataSize))
      }
    }
    try checkCoverage(of: dataSize)
  }

  private static func strings(_ value: JSONValue) throws(FileDefect) -> [String: String] {
    guard case .object(let members) = value else {
      throw FileDefect("__metadata__ is \(value.excerpt), expected an object")
    }
    var strings: [String: String] = [:]
    for member in members {
      guard case .string(let text) = member.value else {
        throw FileDefect(
          "__metadata__: \(member.key.excerpt) is \(member.value.excerpt), expected a string")
      }
      strings[member.key] = text
    }
    return strings
  }

  private static func tensor(
    _ name: String, _ value: JSONValue, dataSize: Int
  ) throws(FileDefect) -> Tensor {
    let owner = "tensor \(name.excerpt)"
    var fields = try JSONFields(value, owner: owner)
    let element = try fields.choice("dtype", of: TensorElement.allCases)
    let shape = try fields.integers("shape")
    let offsets = try fields.integers("data_offsets")
    try fields.finish()

    guard offsets.count == 2, 0 <= offsets[0], offsets[0] <= offsets[1] else {
      throw FileDefect("\(owner): data_offsets is \(offsets), expected [begin, end]")
    }
    guard offsets[1] <= dataSize else {
      throw FileDefect(
        "\(owner) ends at byte \(offsets[1]) of the data, of which there are \(dataSize)")
    }
    var size = element.width
    for dimension in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
      guard dimension >= 0, !overflow else {
        throw FileDefect("\(owner) has the impossible shape \(shape)")
      }
      size = product
    }
    guard size == offsets[1] - offsets[0] else {
      throw FileDefect(
        "\(owner) of shape \(shape) takes \(size) bytes, but data_offsets give it "
          + "\(offsets[1] - offsets[0])")
    }
    return Tensor(
      name: name, element: element, shape: shape, begin: offsets[0], end: offsets[1])
  }

  /// Every byte of the data belongs to one tensor.
  private func checkCoverage(of dataSize: Int) throws(FileDefect) {
    var covered = 0
    for tensor in tensors.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      guard tensor.begin >= covered else {
        throw FileDefect(
          "tensor \(tensor.name.excerpt) begins at byte \(tensor.begin) of the data, inside another"
        )
      }
      guard tensor.begin == covered else {
        throw FileDefect(
          "bytes \(covered) to \(tensor.begin) of the data belong to no tensor")
      }
      covered = tensor.end
    }
    guard covered == dataSize else {
      throw FileDefect("bytes \(covered) to \(dataSize) of the data belong to no tensor")
    }
  }
}
