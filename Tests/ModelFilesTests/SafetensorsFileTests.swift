import Testing

@testable import ModelFiles

/// What is read from well-formed files.
struct SafetensorsFileTests {
  @Test func namesShapesValuesAndMetadata() throws {
    var bytes = SafetensorsBytes(metadata: [("start", "0"), ("note", "a \"quote\"")])
    bytes.add("b", [2, 3], [1, -2, 3, .greatestFiniteMagnitude, .leastNonzeroMagnitude, -0.0])
    bytes.add("a", [], [0.1])
    bytes.add("empty", [0, 4], [])
    try withTemporaryFile(bytes.bytes) { path in
      let file = try SafetensorsFile(contentsOf: path)
      #expect(file.path == path)
      #expect(file.metadata == ["start": "0", "note": "a \"quote\""])
      #expect(file.tensorNames == ["b", "a", "empty"])
      #expect(file.shape(of: "b") == [2, 3])
      #expect(file.shape(of: "a") == [])
      #expect(file.shape(of: "c") == nil)
      #expect(
        try file.values(of: "b").map(\.bitPattern)
          == [1, -2, 3, .greatestFiniteMagnitude, .leastNonzeroMagnitude, -0.0]
          .map(\Float.bitPattern))
      #expect(try file.values(of: "a") == [0.1])
      #expect(try file.values(of: "empty") == [])
      #expect(
        throws: ModelFileError(.malformed, path: path, reason: "tensor c is missing")
      ) { try file.values(of: "c") }
    }
  }

  /// The header's order of tensors need not be the data's, and white space may fill the header up.
  @Test func anyOrderAndPadding() throws {
    let header = #"""
      {"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},
       "a":{"data_offsets":[0,4],"shape":[1],"dtype":"F32"}}
      """# + "     "
    let data = [1, 2].flatMap { SafetensorsBytes.littleEndian(Float($0)) }
    try withTemporaryFile(SafetensorsBytes.file(header: header, data: data)) { path in
      let file = try SafetensorsFile(contentsOf: path)
      #expect(file.tensorNames == ["b", "a"])
      #expect(try file.values(of: "a") == [1])
      #expect(try file.values(of: "b") == [2])
      #expect(file.metadata.isEmpty)
    }
  }

  @Test func noTensors() throws {
    #expect(try safetensorsError(SafetensorsBytes.file(header: "{}", data: [])) == nil)
  }

  /// Longer than one block of reading, and no multiple of it.
  @Test func longTensor() throws {
    let values = (0..<600_001).map { Float($0) }
    var bytes = SafetensorsBytes()
    bytes.add("before", [1], [-1])
    bytes.add("long", [600_001], values)
    try withTemporaryFile(bytes.bytes) { path in
      let file = try SafetensorsFile(contentsOf: path)
      #expect(try file.values(of: "long") == values)
    }
  }

  /// All 65,536 patterns: zeros, subnormals, infinities and NaN among them.
  @Test func everyHalf() throws {
    let patterns = (0...UInt16.max).map { $0 }
    let bytes = SafetensorsBytes(tensors: [
      .init(
        name: "half", type: "F16", shape: [256, 256],
        bytes: patterns.flatMap { SafetensorsBytes.littleEndian($0) }),
      .init(
        name: "brain", type: "BF16", shape: [65_536],
        bytes: patterns.flatMap { SafetensorsBytes.littleEndian($0) }),
    ])
    try withTemporaryFile(bytes.bytes) { path in
      let file = try SafetensorsFile(contentsOf: path)
      let halves = try file.values(of: "half")
      let brains = try file.values(of: "brain")
      for (index, pattern) in patterns.enumerated() {
        #expect(brains[index].bitPattern == UInt32(pattern) << 16)
        let expected = Self.half(pattern)
        #expect(
          halves[index].isNaN
            ? expected.isNaN : halves[index].bitPattern == expected.bitPattern,
          "pattern \(pattern)")
      }
      #expect(halves[0x0001] == 0x1p-24)
      #expect(halves[0x03FF] == 0x1.FF8p-15)
      #expect(halves[0x0400] == 0x1p-14)
      #expect(halves[0x7BFF] == 65_504)
      #expect(halves[0x8000].bitPattern == 0x8000_0000)
    }
  }

  /// The definition of IEEE 754 binary16, in powers of two.
  private static func half(_ bits: UInt16) -> Float {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Float(bits & 0x3FF) / 1_024
    if exponent == 31 { return fraction == 0 ? sign * .infinity : .nan }
    let scale = Float(sign: .plus, exponent: max(exponent, 1) - 15, significand: 1)
    return sign * scale * (exponent == 0 ? fraction : 1 + fraction)
  }
}
