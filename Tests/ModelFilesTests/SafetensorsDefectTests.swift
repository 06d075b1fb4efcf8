import Testing

@testable import ModelFiles

/// Files that are no safetensors files: one fault each, with the sentence it gets.
struct SafetensorsDefectTests {
  private static func entry(
    _ name: String, type: String = "F32", shape: String = "[1]", offsets: String = "[0,4]"
  ) -> String {
    #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  private func expect(
    _ reason: String, header: String, dataSize: Int = 4,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let error = try safetensorsError(
      SafetensorsBytes.file(header: header, data: [UInt8](repeating: 0, count: dataSize)))
    #expect(error?.reason == reason, sourceLocation: sourceLocation)
    #expect(error?.kind == .malformed, sourceLocation: sourceLocation)
  }

  @Test(arguments: [
    ("[0,4]", "I64", "[1]", #"dtype is "I64", expected "F32" or "F16" or "BF16""#),
    ("[0,4]", "F32", "[1.5]", "an entry of shape is 1.5, expected an integer of 64 bits"),
    (
      "[0,4]", "F32", "[9223372036854775808]",
      "an entry of shape is 9223372036854775808, expected an integer of 64 bits"
    ),
    ("[0,4]", "F32", "1", "shape is 1, expected an array of integers"),
    ("[0]", "F32", "[1]", "data_offsets is [0], expected [begin, end]"),
    ("[0,4,8]", "F32", "[1]", "data_offsets is [0, 4, 8], expected [begin, end]"),
    ("[4,0]", "F32", "[1]", "data_offsets is [4, 0], expected [begin, end]"),
    ("[-4,0]", "F32", "[1]", "data_offsets is [-4, 0], expected [begin, end]"),
    ("null", "F32", "[1]", "data_offsets is null, expected an array of integers"),
  ])
  func entryFields(offsets: String, type: String, shape: String, reason: String) throws {
    try expect(
      "tensor a: \(reason)",
      header: "{\(Self.entry("a", type: type, shape: shape, offsets: offsets))}")
  }

  @Test(arguments: [
    ("[-1]", "tensor a has the impossible shape [-1]"),
    ("[-1,-1]", "tensor a has the impossible shape [-1, -1]"),
    (
      "[1099511627776]",
      "tensor a of shape [1099511627776] takes 4398046511104 bytes, but data_offsets give it 4"
    ),
    (
      "[1099511627776,1099511627776]",
      "tensor a has the impossible shape [1099511627776, 1099511627776]"
    ),
    (
      "[4611686018427387904]", "tensor a has the impossible shape [4611686018427387904]"
    ),
    ("[2]", "tensor a of shape [2] takes 8 bytes, but data_offsets give it 4"),
    ("[0]", "tensor a of shape [0] takes 0 bytes, but data_offsets give it 4"),
  ])
  func shapes(shape: String, reason: String) throws {
    try expect(reason, header: "{\(Self.entry("a", shape: shape))}")
  }

  @Test func endsBeyondTheData() throws {
    try expect(
      "tensor a ends at byte 8 of the data, of which there are 4",
      header: "{\(Self.entry("a", shape: "[2]", offsets: "[0,8]"))}")
    try expect(
      "tensor a ends at byte 9223372036854775807 of the data, of which there are 4",
      header: "{\(Self.entry("a", offsets: "[0,9223372036854775807]"))}")
  }

  @Test func overlapHoleAndRest() throws {
    let first = Self.entry("a", shape: "[2]", offsets: "[0,8]")
    try expect(
      "tensor b begins at byte 4 of the data, inside another",
      header: "{\(first),\(Self.entry("b", shape: "[2]", offsets: "[4,12]"))}", dataSize: 12)
    try expect(
      "tensor b begins at byte 0 of the data, inside another",
      header: "{\(first),\(Self.entry("b", shape: "[2]", offsets: "[0,8]"))}", dataSize: 8)
    try expect(
      "tensor b begins at byte 4 of the data, inside another",
      header: "{\(first),\(Self.entry("b", shape: "[0]", offsets: "[4,4]"))}", dataSize: 8)
    try expect(
      "bytes 8 to 10 of the data belong to no tensor",
      header: "{\(Self.entry("b", offsets: "[10,14]")),\(first)}", dataSize: 14)
    try expect(
      "bytes 0 to 4 of the data belong to no tensor",
      header: "{\(Self.entry("b", offsets: "[4,8]"))}", dataSize: 8)
    try expect("bytes 8 to 9 of the data belong to no tensor", header: "{\(first)}", dataSize: 9)
    try expect("bytes 0 to 4 of the data belong to no tensor", header: "{}")
  }

  @Test func keys() throws {
    try expect(
      "header: the key a occurs twice in one JSON object",
      header: "{\(Self.entry("a")),\(Self.entry("a", offsets: "[4,8]"))}", dataSize: 8)
    try expect(
      "tensor a: unknown key strides",
      header: #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"strides":[1]}}"#)
    try expect(
      "tensor a: dtype is missing", header: #"{"a":{"shape":[1],"data_offsets":[0,4]}}"#)
    try expect("tensor a is 1, expected an object", header: #"{"a":1}"#)
  }

  @Test func metadata() throws {
    try expect(
      "__metadata__: n is 1, expected a string",
      header: #"{"__metadata__":{"n":1},\#(Self.entry("a"))}"#)
    try expect(
      "__metadata__ is null, expected an object",
      header: #"{"__metadata__":null,\#(Self.entry("a"))}"#)
  }

  @Test func headerText() throws {
    try expect("not a safetensors file, its header does not begin with {", header: " {}")
    try expect("not a safetensors file, its header does not begin with {", header: "")
    try expect("header: not valid JSON at byte 2: expected the end", header: "{}x")
  }

  /// A name cannot break the line or the terminal, nor fill the screen.
  @Test func hostileNames() throws {
    try expect(
      "tensor a\\u{a}b\\u{1b}[31m is 1, expected an object",
      header: #"{"a\nb\u001b[31m":1}"#)
    let name = String(repeating: "x", count: 5_000)
    try expect(
      "tensor \(String(repeating: "x", count: 100))... is 1, expected an object",
      header: #"{"\#(name)":1}"#)
    try expect(#"tensor "" is 1, expected an object"#, header: #"{"":1}"#)
  }

  @Test(arguments: [
    UInt64(1) << 60, .max, 1 << 63, 1 << 31, 100_000_001, 5,
  ])
  func headerLength(claim: UInt64) throws {
    let error = try safetensorsError(SafetensorsBytes.littleEndian(claim) + [0x7B, 0x7D, 0, 0])
    #expect(
      error?.reason
        == "not a safetensors file or cut short, its header claims \(claim) bytes of the 4 that follow"
    )
    #expect(error?.kind == .malformed)
  }

  @Test func shortFiles() throws {
    for count in 0..<8 {
      let error = try safetensorsError([UInt8](repeating: 0, count: count))
      #expect(error?.reason == "not a safetensors file, it has \(count) bytes")
      #expect(error?.kind == .malformed)
    }
  }
}
