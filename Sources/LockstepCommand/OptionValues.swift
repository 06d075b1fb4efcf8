import Experiments
import LaneRunner
import ONNXLanes
import PlainText
import StreamCore

/// One `--model`: FILE[,name=NAME,chunk=N,left-context=N,precision=P,kv=P,beam=N].
extension ModelChoice {
  /// All of them, with names of their own: a name that is taken gets -2, -3, ... at its end.
  static func list(_ texts: [String]) throws -> [ModelChoice] {
    var choices: [ModelChoice] = []
    var taken: Set<String> = []
    // The next number to try for each name.
    var numbers: [String: Int] = [:]
    for text in texts {
      var choice = try ModelChoice(parsing: text)
      let name = choice.name
      while !taken.insert(choice.name).inserted {
        let number = numbers[name, default: 2]
        choice.name = "\(name)-\(number)"
        numbers[name] = number + 1
      }
      choices.append(choice)
    }
    return choices
  }

  /// The files that a run may read: those of `--model` that can be understood, or both pairs that it
  /// would choose from.
  static func inputs(_ texts: [String]) -> [String] {
    guard texts.isEmpty else {
      // An ONNX file may have its signature beside it.
      return texts.compactMap { try? ModelChoice(parsing: $0).path }.flatMap {
        ONNXFile.isONNX($0) ? [$0, $0 + ".json"] : [$0]
      }
    }
    return DefaultModels.Pair.allCases.flatMap { (try? DefaultModels.choices($0)) ?? [] }
      .map(\.path)
  }

  /// A model by its file alone, whose name without folder and extension is the lane's.
  init(path: String) {
    var file = path.split(separator: "/").last.map { String($0).shownFileName } ?? path
    // A table is read at a terminal.
    if file.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
      file = file.printable
    }
    let dot = file.lastIndex(of: ".").flatMap { $0 > file.startIndex ? $0 : nil }
    self.init(name: String(file[..<(dot ?? file.endIndex)]), path: path)
  }

  private init(parsing text: String) throws {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard !parts[0].isEmpty else {
      throw CommandFailure.usage(
        "--model \(text): the file is missing, expected FILE[,name=,chunk=,left-context=,precision=,"
          + "kv=,beam=]")
    }
    self.init(path: parts[0])
    for part in parts.dropFirst() {
      guard let equals = part.firstIndex(of: "=") else { throw Self.unknown(part, in: text) }
      let value = String(part[part.index(after: equals)...])
      switch part[..<equals] {
      case "name":
        guard !value.isEmpty, !value.unicodeScalars.contains(where: { $0.value < 32 }) else {
          throw Self.unknown(part, in: text)
        }
        name = value.shownFileName
      case "chunk": chunkSize = try Self.number(value, part: part, text: text, least: 1)
      case "left-context": leftContext = try Self.number(value, part: part, text: text, least: 0)
      case "precision": precision = try word(value, of: "--model \(text): \(part)")
      case "beam": beam = try Self.number(value, part: part, text: text, in: 1...CTCOptions.widest)
      case "kv": kvPrecision = try word(value, of: "--model \(text): \(part)")
      default: throw Self.unknown(part, in: text)
      }
    }
  }

  private static func number(
    _ value: String, part: String, text: String, least: Int
  ) throws -> Int {
    guard let number = Int(value), number >= least else {
      throw CommandFailure.usage(
        "--model \(text): \(part): expected a whole number of at least \(least)")
    }
    return number
  }

  private static func number(
    _ value: String, part: String, text: String, in range: ClosedRange<Int>
  ) throws -> Int {
    guard let number = Int(value), range.contains(number) else {
      throw CommandFailure.usage(
        "--model \(text): \(part): expected a whole number from \(range.lowerBound) to "
          + "\(range.upperBound)")
    }
    return number
  }

  private static func unknown(_ part: String, in text: String) -> CommandFailure {
    .usage(
      "--model \(text): '\(part)' is not understood, expected name=, chunk=, left-context=, "
        + "precision=, kv= or beam=")
  }
}

/// `--pace max`, `max:F`, `realtime`, or a factor of real time.
enum PaceArgument {
  static func parse(_ text: String) throws -> Pace {
    if text == "max" { return .max(factor: 1) }
    if text == "realtime" { return .realtime(factor: 1) }
    let isMax = text.hasPrefix("max:")
    if let factor = Double(isMax ? String(text.dropFirst(4)) : text), factor.isFinite,
      (0.001...1_000_000).contains(factor)
    {
      return isMax ? .max(factor: factor) : .realtime(factor: factor)
    }
    throw CommandFailure.usage(
      "--pace \(text): expected max, max:F, realtime, or a factor of real time from 0.001 to "
        + "1000000")
  }
}

/// A duration with its unit, such as 20ms, in nanoseconds; `allowingLong` of minutes, hours and days, too.
enum DurationArgument {
  static func parse(
    _ text: String, of option: String, allowingLong: Bool = false
  ) throws -> Int64 {
    do {
      return try DurationText.parse(text, allowingLong: allowingLong)
    } catch {
      throw CommandFailure.usage("\(option): \(error)")
    }
  }
}

/// Values separated by commas, each once.
enum ListArgument {
  static func numbers(_ text: String, of option: String, least: Int) throws -> [Int] {
    try values(text, of: option, expected: "whole numbers of at least \(least)") {
      Int($0).flatMap { $0 >= least ? $0 : nil }
    }
  }

  static func words<Word: RawRepresentable & CaseIterable & Equatable>(
    _ text: String, of option: String
  ) throws -> [Word] where Word.RawValue == String {
    let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
    return try values(text, of: option, expected: "some of \(known)", Word.init)
  }

  private static func values<Value: Equatable>(
    _ text: String, of option: String, expected: String, _ parse: (String) -> Value?
  ) throws -> [Value] {
    var values: [Value] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let value = parse(String(part)) else {
        throw CommandFailure.usage("\(option) \(text): expected \(expected), separated by commas")
      }
      if !values.contains(value) { values.append(value) }
    }
    return values
  }
}

/// The one of several words that an option takes; throws a usage error, which names the option as `place`
/// does, for any other text.
func word<Word: RawRepresentable & CaseIterable>(
  _ text: String, of place: String
) throws -> Word where Word.RawValue == String {
  guard let word = Word(rawValue: text) else {
    throw CommandFailure.usage(
      "\(place): expected one of " + Word.allCases.map(\.rawValue).joined(separator: ", "))
  }
  return word
}
