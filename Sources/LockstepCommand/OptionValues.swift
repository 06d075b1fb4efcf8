import LaneRunner
import StreamCore

/// One `--model`: FILE[,name=NAME,chunk=N,left-context=N,precision=P,kv=P].
struct ModelArgument: Equatable {
  var path: String
  var name: String?
  var chunkSize: Int?
  var leftContext: Int?
  var precision: Precision?
  var kvPrecision: KVPrecision?

  init(path: String) { self.path = path }

  init(parsing text: String) throws(CommandFailure) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    path = parts[0]
    guard !path.isEmpty else {
      throw CommandFailure(
        "--model \(text): the file is missing, expected FILE[,name=,chunk=,left-context=,precision=,kv=]",
        exitCode: CommandFailure.usage)
    }
    for part in parts.dropFirst() {
      guard let equals = part.firstIndex(of: "=") else {
        throw Self.unknown(part, in: text)
      }
      let value = String(part[part.index(after: equals)...])
      switch part[..<equals] {
      case "name":
        guard !value.isEmpty, !value.unicodeScalars.contains(where: { $0.value < 32 }) else {
          throw Self.unknown(part, in: text)
        }
        name = value
      case "chunk": chunkSize = try Self.number(value, part: part, text: text, least: 1)
      case "left-context": leftContext = try Self.number(value, part: part, text: text, least: 0)
      case "precision": precision = try Self.word(value, part: part, text: text)
      case "kv": kvPrecision = try Self.word(value, part: part, text: text)
      default: throw Self.unknown(part, in: text)
      }
    }
  }

  private static func word<Word: RawRepresentable & CaseIterable>(
    _ value: String, part: String, text: String
  ) throws(CommandFailure) -> Word where Word.RawValue == String {
    guard let word = Word(rawValue: value) else {
      throw CommandFailure(
        "--model \(text): \(part): expected one of "
          + Word.allCases.map(\.rawValue).joined(separator: ", "),
        exitCode: CommandFailure.usage)
    }
    return word
  }

  /// The lane's name where none is given: the file's name without folder and extension.
  var stem: String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    guard let dot = file.lastIndex(of: "."), dot > file.startIndex else { return file }
    return String(file[..<dot])
  }

  private static func number(
    _ value: String, part: String, text: String, least: Int
  ) throws(CommandFailure) -> Int {
    guard let number = Int(value), number >= least else {
      throw CommandFailure(
        "--model \(text): \(part): expected a whole number of at least \(least)",
        exitCode: CommandFailure.usage)
    }
    return number
  }

  private static func unknown(_ part: String, in text: String) -> CommandFailure {
    CommandFailure(
      "--model \(text): '\(part)' is not understood, expected name=, chunk=, left-context=, "
        + "precision= or kv=",
      exitCode: CommandFailure.usage)
  }
}

/// `--pace max`, `max:F`, `realtime`, or a factor of real time.
enum PaceArgument {
  static func parse(_ text: String) throws(CommandFailure) -> Pace {
    if text == "max" { return .max(factor: 1) }
    if text == "realtime" { return .realtime(factor: 1) }
    let isMax = text.hasPrefix("max:")
    if let factor = Double(isMax ? String(text.dropFirst(4)) : text), factor.isFinite,
      (0.001...1_000_000).contains(factor)
    {
      return isMax ? .max(factor: factor) : .realtime(factor: factor)
    }
    throw CommandFailure(
      "--pace \(text): expected max, max:F, realtime, or a factor of real time from 0.001 to "
        + "1000000", exitCode: CommandFailure.usage)
  }
}

/// Values separated by commas, each once.
enum ListArgument {
  static func numbers(
    _ text: String, of option: String, least: Int
  ) throws(CommandFailure) -> [Int] {
    var numbers: [Int] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let number = Int(part), number >= least else {
        throw CommandFailure(
          "\(option) \(text): expected whole numbers of at least \(least), separated by commas",
          exitCode: CommandFailure.usage)
      }
      if !numbers.contains(number) { numbers.append(number) }
    }
    return numbers
  }

  static func words<Word: RawRepresentable & CaseIterable & Equatable>(
    _ text: String, of option: String
  ) throws(CommandFailure) -> [Word] where Word.RawValue == String {
    var words: [Word] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let word = Word(rawValue: String(part)) else {
        throw CommandFailure(
          "\(option) \(text): expected some of "
            + Word.allCases.map(\.rawValue).joined(separator: ", ") + ", separated by commas",
          exitCode: CommandFailure.usage)
      }
      if !words.contains(word) { words.append(word) }
    }
    return words
  }
}
