import PlainText

/// The columns or keys of a text input that can be channels.
public struct SourceColumns: Sendable, Equatable {
  /// One column.
  public struct Column: Sendable, Equatable {
    /// As the input has it; its number where it has none.
    public let name: String
    /// Its place among all columns of the input, the time among them.
    let index: Int
    /// Whether the first lines hold text there, which is no channel.
    public let isText: Bool

    /// The name in a sentence.
    public var title: String { name.isEmpty ? "\(index + 1) (without a name)" : name.excerpt }
  }

  /// In the order of the input, or in that of the option that chose them.
  public let columns: [Column]
  /// Whether the input names them.
  public let areNamed: Bool
  /// Whether `--columns` chose them, in this order.
  public let areChosen: Bool
  /// What one is called: column or key.
  public let noun: String
  /// The input, and where and how it is written, in a sentence.
  public let input: String
  public let place: String

  /// The only column of that name: exact, else but for case, blanks and quotes around it; nil where there
  /// is none, or more than one.
  public func index(of name: String) -> Int? {
    SourceColumns.index(of: name, among: columns.map(\.name))
  }

  static func index(of name: String, among names: [String]) -> Int? {
    let exact = names.indices.filter { names[$0] == name }
    if exact.count == 1 { return exact[0] }
    let folded = folded(name)
    let alike = names.indices.filter { SourceColumns.folded(names[$0]) == folded }
    return exact.isEmpty && alike.count == 1 ? alike[0] : nil
  }

  private static func folded(_ name: String) -> String {
    var text = name.lowercased()[...]
    while let first = text.first, " \t\"'".contains(first) { text = text.dropFirst() }
    while let last = text.last, " \t\"'".contains(last) { text = text.dropLast() }
    return String(text)
  }
}

extension SourceColumns {
  /// The columns beside the time, or those of `--columns`.
  ///
  /// - Parameters:
  ///   - names: of all columns, the time among them.
  ///   - input: the name of the input.
  ///   - place: what follows it in a sentence, such as ": line 1, separated by tabs,".
  /// - Throws: what is wrong with `--columns`.
  init(
    _ names: [String], areText: [Bool], time: TimeColumn?, areNamed: Bool, noun: String,
    options: LineOptions, input: String, place: String
  ) throws(LineError) {
    self.areNamed = areNamed
    self.noun = noun
    self.input = input
    self.place = place
    areChosen = options.columns != nil
    var chosen: [Int] = []
    if let columns = options.columns {
      for text in columns {
        let index = try ColumnNumber.find(text, among: names, noun: noun)
        if index == time?.index {
          throw LineError(
            " has its time in \(noun) \(text.excerpt), which --columns takes as a channel",
            isFinal: true)
        }
        if chosen.contains(index) {
          throw LineError(
            " has one \(noun) \(text.excerpt), which --columns takes twice", isFinal: true)
        }
        chosen.append(index)
      }
    } else {
      chosen = names.indices.filter { $0 != time?.index }
    }
    columns = chosen.map { Column(name: names[$0], index: $0, isText: areText[$0]) }
  }
}

/// A column as an option writes it: by its name, or by its number, counted from 1 over all.
enum ColumnNumber {
  /// A name that is there wins over a number.
  static func find(
    _ text: String, among names: [String], noun: String
  ) throws(LineError) -> Int {
    if let index = SourceColumns.index(of: text, among: names) { return index }
    let list = names.list(atMost: 32)
    if names.contains(text) {
      throw LineError(
        " has more than one \(noun) called \(text.excerpt) (--columns), expected its number",
        isFinal: true)
    }
    guard let number = Int(text) else {
      throw LineError(
        " has no \(noun) called \(text.excerpt) (--columns), expected some of \(list)",
        isFinal: true)
    }
    guard names.indices.contains(number - 1) else {
      throw LineError(
        " has no \(noun) \(number) (--columns), expected 1 to \(names.count) (\(list))",
        isFinal: true)
    }
    return number - 1
  }
}
