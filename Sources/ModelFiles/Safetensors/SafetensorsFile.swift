import PlainText

/// A safetensors file: named tensors of F32, F16 or BF16 and metadata of strings.
///
/// Opening it reads and checks the header alone: offsets, shapes, and that the tensors cover the data
/// exactly once. Values are read on demand, each byte once, and widened to Float.
/// Format: <https://github.com/huggingface/safetensors#format>.
public struct SafetensorsFile: Sendable {
  /// The largest header that is read, bytes.
  public static let headerLimit = 100_000_000

  /// The path as it was given.
  public let path: String
  /// The strings of `__metadata__`; empty without one.
  public let metadata: [String: String]
  /// In the header's order.
  public let tensorNames: [String]

  private let tensors: [String: SafetensorsHeader.Tensor]
  private let file: RandomAccessFile
  private let dataStart: Int

  /// Opens a file and checks its header; throws `unreadable` or `malformed`. Allocates.
  public init(contentsOf path: String) throws(ModelFileError) {
    let file = try RandomAccessFile(path)
    let dataStart = try Self.dataStart(of: file)
    let json = try file.read(8..<dataStart)
    let header: SafetensorsHeader
    do {
      header = try SafetensorsHeader(json, dataSize: file.size - dataStart)
    } catch {
      throw error.inFile(path)
    }
    self.path = path
    self.file = file
    self.dataStart = dataStart
    metadata = header.metadata
    tensorNames = header.tensors.map(\.name)
    tensors = Dictionary(
      header.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Dimensions of a tensor, row major, or nil for a name that the file does not hold.
  public func shape(of name: String) -> [Int]? {
    tensors[name]?.shape
  }

  /// The values of a tensor, row major, `[shape.product]`, finite or not; throws `malformed` for a
  /// name that the file does not hold, `unreadable` when reading fails. Allocates them.
  public func values(of name: String) throws(ModelFileError) -> [Float] {
    guard let tensor = tensors[name] else {
      throw ModelFileError(
        .malformed, path: path, reason: "tensor \(name.excerpt) is missing")
    }
    var values: [Float] = []
    values.reserveCapacity((tensor.end - tensor.begin) / tensor.element.width)
    // Blocks, so that the bytes do not double the memory; a multiple of every width.
    let blockSize = 1 << 20
    for begin in stride(from: tensor.begin, to: tensor.end, by: blockSize) {
      let end = min(begin + blockSize, tensor.end)
      tensor.element.append(try file.read(dataStart + begin..<dataStart + end), to: &values)
    }
    return values
  }

  /// The SHA-256 of the whole file, as `SHA256` writes it; throws `unreadable` when reading fails.
  func sha256() throws(ModelFileError) -> String { try file.sha256() }

  /// Where the data begins; every claim of the first 8 bytes is checked before anything is allocated.
  private static func dataStart(of file: RandomAccessFile) throws(ModelFileError) -> Int {
    guard file.size >= 8 else {
      throw FileDefect("not a safetensors file, it has \(file.size) bytes").inFile(file.path)
    }
    let length = try file.read(0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(headerLimit), length <= UInt64(file.size - 8) else {
      throw FileDefect(
        "not a safetensors file or cut short, its header claims \(length) bytes of the "
          + "\(file.size - 8) that follow"
      ).inFile(file.path)
    }
    return 8 + Int(length)
  }
}
