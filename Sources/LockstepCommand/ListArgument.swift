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
