import PlainText

/// The values of one line of a label file, by column, with the line's number.
struct LabelRow: Sendable, Equatable {
  let line: Int
  let fields: [String: LabelField]

  /// The value of a column that the form guarantees.
  private func field(_ column: String) -> LabelField { fields[column] ?? .null }

  /// Seconds since the stream began: a decimal number, not negative, below a century.
  func seconds(_ column: String) throws(FileDefect) -> Double {
    guard case .bare(let text) = field(column), let value = DecimalText.double(text, grammar: .csv),
      value >= 0, value < 4e9
    else {
      throw FileDefect(
        "\(column) is \(field(column).shown), expected seconds since the stream began")
    }
    return value
  }

  /// A frame's absolute index.
  func frame() throws(FileDefect) -> Int64 {
    guard case .bare(let text) = field("frame"),
      text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int64(text),
      value < Int64.max
    else {
      throw FileDefect("frame is \(field("frame").shown), expected a frame index, counted from 0")
    }
    return value
  }

  /// The label; nil where there is none.
  var label: String? { text("label") }

  /// The utterance that the line is of; nil where it says none.
  var utterance: String? { text("utterance") }

  private func text(_ column: String) -> String? {
    switch field(column) {
    case .bare(let text), .string(let text): text.isEmpty ? nil : text
    case .null: nil
    }
  }

  /// The label as an error message shows it.
  var shownLabel: String { field("label").shown }
}

/// One value of a line, not yet read as a number or a label.
enum LabelField: Sendable, Equatable {
  /// Text that may be a number or a label: a CSV field, or a number or word of JSON.
  case bare(String)
  /// A string of JSON, which is never a number.
  case string(String)
  case null

  /// The value as an error message shows it.
  var shown: String {
    switch self {
    case .bare(let text): text.isEmpty ? "empty" : text.quotedExcerpt
    case .string(let text): "the string " + text.quotedExcerpt
    case .null: "null"
    }
  }
}

// How a line is read.
extension LabelRow {
  /// The cells of one CSV line. Allocates.
  static func cells(_ line: ArraySlice<UInt8>) throws(FileDefect) -> [String] {
    let line = Array(line)
    var cells: [String] = []
    var index = 0
    repeat {
      let cell: CSVCell
      do throws(CSVCell.Defect) {
        cell = try CSVCell(line.span, at: &index)
      } catch {
        switch error {
        case .openQuote: throw FileDefect("has no closing quote")
        case .textAfterQuote:
          throw FileDefect("has text after a closing quote, expected a comma")
        }
      }
      guard !cell.hasStrayQuote(in: line.span) else {
        throw FileDefect("has a quote inside a field, expected it around the whole field")
      }
      guard let text = String(validating: cell.bytes(in: line.span), as: UTF8.self) else {
        throw FileDefect("is not valid UTF-8")
      }
      cells.append(text)
    } while index <= line.count
    return cells
  }

  /// The members of one line of NDJSON: a flat object without two equal keys. Allocates.
  static func members(_ line: ArraySlice<UInt8>) throws(FileDefect) -> [String: LabelField] {
    let line = Array(line)
    let start = line.firstIndex { $0 != 0x20 && $0 != 0x09 } ?? line.count
    guard start < line.count, line[start] == UInt8(ascii: "{") else {
      throw FileDefect("is no valid JSON at byte \(start), expected an object")
    }
    let value: JSONValue
    do throws(JSONDefect) {
      value = try JSONValue(parsing: line)
    } catch {
      throw FileDefect(error, in: line)
    }
    guard case .object(let members) = value else { return [:] }
    var fields: [String: LabelField] = [:]
    for (key, value) in members {
      fields[key] =
        switch value {
        case .null: .null
        case .bool(let value): .bare(value ? "true" : "false")
        case .number(let text): .bare(text)
        case .string(let text): .string(text)
        case .array, .object:
          throw FileDefect(
            "has \(value.excerpt) for \(key.quotedExcerpt), expected \(FileDefect.plainValue)")
        }
    }
    return fields
  }
}

extension FileDefect {
  static let plainValue = "a number, a string, true, false or null"

  /// Why a line is no JSON. Where a number or a word is malformed, the byte is that of its beginning.
  init(_ defect: JSONDefect, in line: [UInt8]) {
    switch defect {
    case .repeatedKey(let key): self.init("has the key \(key.quotedExcerpt) twice")
    case .unexpected(_, .utf8): self.init("is not valid UTF-8")
    case .unexpected(let byte, .value): self.init(notJSONAt: byte, FileDefect.plainValue)
    case .unexpected(let byte, .end): self.init(notJSONAt: byte, "the end of the line")
    case .unexpected(let byte, .closingQuote): self.init(notJSONAt: byte, "a closing quote")
    case .unexpected(let byte, let expected):
      let word = line[..<byte].reversed().prefix { !" \t,}]{[:\"".utf8.contains($0) }
      if [.digit, .commaOrBrace].contains(expected), !word.isEmpty {
        self.init(notJSONAt: byte - word.count, FileDefect.plainValue)
      } else {
        self.init(notJSONAt: byte, expected.rawValue)
      }
    }
  }

  private init(notJSONAt byte: Int, _ expected: String) {
    self.init("is no valid JSON at byte \(byte), expected \(expected)")
  }
}
