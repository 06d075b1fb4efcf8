/// A safetensors file being put together, byte by byte, right or wrong.
struct SafetensorsBytes {
  struct Tensor {
    var name: String
    var type = "F32"
    var shape: [Int]
    var bytes: [UInt8]
  }

  /// Strings of `__metadata__`; none at all without any.
  var metadata: [(key: String, value: String)] = []
  var tensors: [Tensor] = []

  /// Adds a tensor of F32 values.
  mutating func add(_ name: String, _ shape: [Int], _ values: [Float]) {
    tensors.append(Tensor(name: name, shape: shape, bytes: values.flatMap(Self.littleEndian)))
  }

  /// The JSON header of tensors one after the other.
  var header: String {
    var members: [String] = []
    if !metadata.isEmpty {
      let strings = metadata.map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
      members.append("\"__metadata__\":{\(strings.joined(separator: ","))}")
    }
    var offset = 0
    for tensor in tensors {
      let end = offset + tensor.bytes.count
      members.append(
        "\(Self.quoted(tensor.name)):{\"dtype\":\"\(tensor.type)\",\"shape\":\(tensor.shape),"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    return "{\(members.joined(separator: ","))}"
  }

  var bytes: [UInt8] {
    Self.file(header: header, data: tensors.flatMap(\.bytes))
  }

  /// A file of any header and any data.
  static func file(header: String, data: [UInt8]) -> [UInt8] {
    littleEndian(UInt64(header.utf8.count)) + Array(header.utf8) + data
  }

  static func littleEndian(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
  }

  static func littleEndian(_ value: Float) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
  }

  static func littleEndian(_ value: UInt16) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)]
  }

  private static func quoted(_ text: String) -> String {
    "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
  }
}
