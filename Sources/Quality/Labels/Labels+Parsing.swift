import PlainText
import StreamIO

extension Labels {
  /// Reads a label file: CSV, NDJSON, a track of Audacity or RTTM, as `init(bytes:path:)` says. Allocates.
  ///
  /// Throws `missing` for a path that is missing, unreadable or a directory, or a pipe whose writer
  /// `isStopped` waits for no longer.
  public static func read(
    path: String, isStopped: () -> Bool = { false }
  ) throws(LabelError) -> Labels {
    let bytes: [UInt8]
    do throws(SourceError) {
      bytes = try InputDescriptor.contents(
        of: path, expected: "a label file", isStopped: isStopped)
    } catch {
      throw LabelError(kind: .missing, description: error.message)
    }
    return try Labels(bytes: bytes, path: path)
  }

  /// Labels from the bytes of a file: CSV with a header line, NDJSON if the first byte is `{`, or what
  /// `LabelAnnotation` finds in its first line.
  ///
  /// CSV columns, in any order: `start,end`, `start,end,label`, `start,end,label,utterance`, `time,label` or
  /// `frame,label`.
  /// NDJSON has objects with the same keys, the same in each line. Throws `badData` for anything else,
  /// for times that go back, for overlaps, and for a per-frame file without rows. Allocates.
  /// - Parameter path: the name that errors use.
  public init(bytes: [UInt8], path: String) throws(LabelError) {
    var content = bytes[...]
    if content.starts(with: [0xEF, 0xBB, 0xBF]) { content = content.dropFirst(3) }
    var lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
    if lines.last?.isEmpty == true { lines.removeLast() }
    guard let first = lines.first else {
      throw LabelError(
        .badData, path: path, "is empty, expected a CSV header or NDJSON objects with labels")
    }
    if let annotation = LabelAnnotation(lines) {
      do throws(LabelLineDefect) {
        self.init(form: .intervals, stretches: try annotation.stretches(lines), path: path)
        return
      } catch {
        throw LabelError(.badData, path: path, line: error.line, error.reason)
      }
    }
    let isJSON = first.first == UInt8(ascii: "{")
    var line = 1
    do throws(FileDefect) {
      let columns =
        try isJSON ? LabelRow.members(first).keys.sorted() : LabelRow.cells(first)
      guard let form = LabelForm(columns: columns) else {
        let found = columns.joined(separator: ",").quotedExcerpt
        throw FileDefect(
          "has the \(isJSON ? "keys" : "columns") \(found), expected \(LabelForm.expected)")
      }
      var builder = LabelStretchBuilder(form: form, hasLabels: columns.contains("label"))
      for (index, bytes) in lines.enumerated().dropFirst(isJSON ? 0 : 1) {
        line = index + 1
        guard !bytes.isEmpty else {
          throw FileDefect("is empty, expected \(columns.joined(separator: ", "))")
        }
        let fields = try isJSON ? Labels.members(bytes, columns) : Labels.fields(bytes, columns)
        try builder.append(LabelRow(line: line, fields: fields))
      }
      line = lines.count
      self.init(form: form, stretches: try builder.finish(), path: path)
    } catch {
      throw LabelError(.badData, path: path, line: line, error.reason)
    }
  }

  private static func fields(
    _ bytes: ArraySlice<UInt8>, _ columns: [String]
  ) throws(FileDefect) -> [String: LabelField] {
    let fields = try LabelRow.cells(bytes)
    guard fields.count == columns.count else {
      throw FileDefect(
        "has \(fields.count) fields, expected \(columns.count): \(columns.joined(separator: ", "))")
    }
    return Dictionary(uniqueKeysWithValues: zip(columns, fields.map { .bare($0) }))
  }

  private static func members(
    _ bytes: ArraySlice<UInt8>, _ columns: [String]
  ) throws(FileDefect) -> [String: LabelField] {
    let members = try LabelRow.members(bytes)
    guard members.keys.sorted() == columns else {
      let found = members.keys.sorted().joined(separator: ",").quotedExcerpt
      throw FileDefect(
        "has the keys \(found), expected \(columns.joined(separator: ", ")) as in line 1")
    }
    return members
  }
}

/// Why labels cannot be used: a kind that fixes the exit code, and one sentence for people.
///
/// The sentence names the path, the line (counted from 1, the header included) where there is one,
/// and what was expected. It has no full stop and no prefix.
public struct LabelError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What went wrong, as far as a program needs to know.
  public enum Kind: Sendable, Equatable {
    /// The file is missing, unreadable or a directory.
    case missing
    /// The file's content: malformed, out of order, or with labels that the model does not know.
    case badData
  }

  public let kind: Kind
  public let description: String

  /// The exit code of sysexits.h: 66 for `missing`, 65 for `badData`.
  public var exitCode: Int32 {
    switch kind {
    case .missing: 66
    case .badData: 65
    }
  }

  /// The same, said of one lane among several.
  public func ofLane(_ name: String) -> LabelError {
    LabelError(kind: kind, description: "\(description) (lane \(name))")
  }

  init(kind: Kind, description: String) {
    self.kind = kind
    self.description = description.printable
  }

  init(_ kind: Kind, path: String, line: Int? = nil, _ message: String) {
    self.init(
      kind: kind, description: path + ": " + (line.map { "line \($0): " } ?? "") + message)
  }
}
