import ModelFiles
import PlainText
import StreamIO

/// A run at one sample position: the state of its source, its lanes and its writer, and what tells whether
/// another run can go on from there.
///
/// A file of it is a line of 16 bytes that says what it is, the lengths of the header and of the state, the header as
/// JSON, the state, and the SHA-256 of all that.
public struct Snapshot: Sendable, Equatable {
  /// Something that a run must have in common with the one that was saved, to go on from it.
  public struct Fact: Sendable, Equatable {
    /// As a sentence names it: `the precision of lane a`.
    public var name: String
    /// What it was; empty for nothing.
    public var value: String

    public init(_ name: String, _ value: String?) {
      self.name = name
      self.value = value ?? ""
    }
  }

  /// Where a lane was.
  public struct Lane: Sendable, Equatable {
    public var name: String
    /// The next frame to complete.
    public var frame: UInt64
    /// Of its state.
    public var byteCount: Int
  }

  /// How much of a file of results the snapshot counts on.
  public struct File: Sendable, Equatable {
    public var name: String
    /// Nil for what cannot be cut, as a pipe.
    public var byteCount: Int?
  }

  public var facts: [Fact] = []
  /// When it was written: UTC as ISO 8601 writes it.
  public var written = ""
  /// The name and the arguments of the run that wrote it.
  public var command: [String] = []
  /// Samples of the input before it, gaps included.
  public var position: UInt64 = 0
  /// Samples a second of the input.
  public var sampleRate = 0
  public var lanes: [Lane] = []
  public var files: [File] = []
  /// The state: of the source's reader, of each lane, of the writer.
  var sections: [[UInt8]] = []

  /// Seconds of the input before it.
  public var seconds: Double { sampleRate > 0 ? Double(position) / Double(sampleRate) : 0 }
  /// Bytes of all states.
  public var stateByteCount: Int { sections.reduce(0) { $0 + $1.count } }
}

extension Snapshot {
  /// What a file of this version begins with.
  static let magic = Array("LOCKSTEP STATE 1".utf8)
  /// Of every version.
  private static let family = magic.dropLast()
  private static let prefixLength = magic.count + 16
  private static let digestLength = 64

  /// The file's bytes. Allocates.
  var bytes: [UInt8] {
    let header = Array(json.text.utf8)
    var bytes = Self.magic
    bytes.reserveCapacity(
      Self.prefixLength + header.count + stateByteCount + Self.digestLength)
    Self.append(header.count, to: &bytes)
    Self.append(stateByteCount, to: &bytes)
    bytes += header
    for section in sections { bytes += section }
    var hash = SHA256()
    hash.update(bytes)
    return bytes + Array(hash.hexadecimal.utf8)
  }

  /// Reads a file. Throws `missingInput` for one that is not there, and `badData` for one that is no
  /// snapshot, of another version, or damaged.
  public init(contentsOf path: String) throws(SourceError) {
    try self.init(
      try InputDescriptor.contents(of: path, expected: "a snapshot of a run"), name: path)
  }

  /// Parses a file's bytes; `name` is what errors call it.
  init(_ bytes: [UInt8], name: String) throws(SourceError) {
    func bad(_ what: String) -> SourceError { SourceError(.badData, "\(name): \(what)") }
    guard bytes.count >= Self.prefixLength, bytes.starts(with: Self.family) else {
      throw bad("is no snapshot of a run")
    }
    guard bytes.starts(with: Self.magic) else {
      throw bad("is a snapshot of another version, expected version 1")
    }
    let headerLength = Self.integer(bytes, at: Self.magic.count)
    let stateLength = Self.integer(bytes, at: Self.magic.count + 8)
    let rest = bytes.count - Self.prefixLength - Self.digestLength
    guard headerLength <= UInt64(Int32.max), stateLength <= UInt64(1 << 48),
      rest >= 0, headerLength + stateLength == UInt64(rest)
    else { throw bad("is damaged: its parts are not as long as it says") }
    let end = bytes.count - Self.digestLength
    var hash = SHA256()
    hash.update(Array(bytes[..<end]))
    guard Array(hash.hexadecimal.utf8) == Array(bytes[end...]) else {
      throw bad("is damaged: its checksum does not hold")
    }
    let header = Array(bytes[Self.prefixLength..<Self.prefixLength + Int(headerLength)])
    let state = Array(bytes[(Self.prefixLength + Int(headerLength))..<end])
    do {
      try take(try JSONValue(parsing: header), state)
    } catch let error as FileDefect {
      throw bad("is damaged: \(error.reason)")
    } catch {
      throw bad("is damaged: its header is no JSON")
    }
  }

  private var json: JSONValue {
    .object([
      ("written", .string(written)),
      ("command", .array(command.map { .string($0) })),
      ("position", .integer(position)),
      ("sample_rate", .integer(sampleRate)),
      (
        "lanes",
        .array(
          lanes.map {
            .object([
              ("name", .string($0.name)), ("frame", .integer($0.frame)),
              ("bytes", .integer($0.byteCount)),
            ])
          })
      ),
      (
        "files",
        .array(
          files.map {
            .object([("name", .string($0.name)), ("bytes", .integer($0.byteCount))])
          })
      ),
      (
        "facts",
        .array(
          facts.map { .object([("name", .string($0.name)), ("value", .string($0.value))]) })
      ),
      ("sections", .array(sections.map { .integer($0.count) })),
    ])
  }

  private mutating func take(_ value: JSONValue, _ state: [UInt8]) throws(FileDefect) {
    var header = try JSONFields(value, owner: "its header")
    written = try header.string("written")
    command = try header.strings("command")
    position = UInt64(try header.integer("position", in: 0...Int.max))
    sampleRate = try header.integer("sample_rate", in: 0...Int.max)
    for entry in try Self.objects(&header, "lanes") {
      var fields = try JSONFields(entry, owner: "a lane")
      lanes.append(
        Lane(
          name: try fields.string("name"),
          frame: UInt64(try fields.integer("frame", in: 0...Int.max)),
          byteCount: try fields.integer("bytes")))
    }
    for entry in try Self.objects(&header, "files") {
      var fields = try JSONFields(entry, owner: "a file")
      files.append(
        File(name: try fields.string("name"), byteCount: fields.value("bytes")?.integer))
    }
    for entry in try Self.objects(&header, "facts") {
      var fields = try JSONFields(entry, owner: "a fact")
      facts.append(Fact(try fields.string("name"), try fields.string("value")))
    }
    var start = 0
    for count in try header.integers("sections") {
      guard count >= 0, count <= state.count - start else {
        throw FileDefect("its header has longer parts than there are")
      }
      sections.append(Array(state[start..<start + count]))
      start += count
    }
    guard start == state.count else {
      throw FileDefect("its header has shorter parts than there are")
    }
  }

  private static func objects(
    _ header: inout JSONFields, _ name: String
  ) throws(FileDefect) -> [JSONValue] {
    guard case .array(let entries) = header.valueIfPresent(name) else {
      throw FileDefect("its header: \(name) is missing")
    }
    return entries
  }

  private static func append(_ value: Int, to bytes: inout [UInt8]) {
    for shift in stride(from: 0, to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  private static func integer(_ bytes: [UInt8], at offset: Int) -> UInt64 {
    (0..<8).reduce(0) { $0 | UInt64(bytes[offset + $1]) << (8 * UInt64($1)) }
  }
}

extension Snapshot {
  /// Why a run with these facts cannot go on from here, as a clause; nil where it can.
  func difference(from facts: [Fact]) -> String? {
    for fact in self.facts {
      guard let other = facts.first(where: { $0.name == fact.name }) else {
        return "\(fact.name) was \(Self.text(fact)), this run has none"
      }
      if other.value != fact.value {
        return "\(fact.name) was \(Self.text(fact)), this run has \(Self.text(other))"
      }
    }
    let known = Set(self.facts.map(\.name))
    guard let other = facts.first(where: { !known.contains($0.name) }) else { return nil }
    return "it had no \(other.name), this run has \(Self.text(other))"
  }

  private static func text(_ fact: Fact) -> String { fact.value.isEmpty ? "none" : fact.value }
}
