import PlainText

/// The first lines of a table of text: which of them names the columns, and how the others are written.
struct CSVHeader {
  private let reader: LineReader
  private let options: LineOptions
  /// Lines that are neither blank nor for people.
  private var lines: [RowReader.Line] = []
  /// The line for people right before the first of them.
  private var comment: RowReader.Line?
  /// What a line `sep=` says.
  private var told: CSVSeparator?
  private var hasEnded = false
  /// What people should know.
  private(set) var notes: [String] = []

  /// Lines that are looked at for one that fits the header, at most.
  private static let mostLines = 16

  init(_ reader: LineReader, _ options: LineOptions) {
    self.reader = reader
    self.options = options
  }

  /// The format, and the lines of samples that were read to find it. Reads two lines, and more where these
  /// do not agree.
  mutating func read(
    _ isStopped: () -> Bool
  ) throws(SourceError) -> (format: CSVFormat, ahead: [RowReader.Line]) {
    guard let first = try line(0, isStopped) else {
      throw reader.input.bad(
        options.hasHeader
          ? "is empty, expected a header line" : "is empty, expected a line of numbers")
    }
    if let problem = CSVHeader.problem(of: first) {
      throw reader.input.bad("line \(first.number)\(problem)")
    }
    return options.hasHeader ? try readNamed(first, isStopped) : try readUnnamed(first, isStopped)
  }

  private mutating func readUnnamed(
    _ first: RowReader.Line, _ isStopped: () -> Bool
  ) throws(SourceError) -> (CSVFormat, [RowReader.Line]) {
    let second = try line(1, isStopped)
    let reading = CSVDialect.reading(
      first.text, second?.text ?? first.text, told: told, areData: true)
    let dialect = reading?.dialect ?? CSVDialect.of(header: first.text, told: told)
    let cells = dialect.cells(first.text) ?? []
    let format = try format(
      (1...max(1, cells.count)).map { "\($0)" }, areNamed: false, dialect, sample: cells,
      in: first)
    return (format, lines)
  }

  private mutating func readNamed(
    _ first: RowReader.Line, _ isStopped: () -> Bool
  ) throws(SourceError) -> (CSVFormat, [RowReader.Line]) {
    let second = try line(1, isStopped)
    if let second, let reading = CSVDialect.reading(first.text, second.text, told: told) {
      return try readAgreeing(first, second, reading)
    }
    // A lone column, or lines that hold no sample, or lines before the header.
    let dialect = CSVDialect.of(header: first.text, told: told)
    let names = dialect.cells(first.text) ?? []
    if names.count == 1, second.map({ dialect.holdsOneNumber($0.text) }) ?? true {
      return try readLone(first, dialect)
    }
    var header = first
    var found: CSVDialect.Reading?
    var sample = second
    while found == nil, lines.count < CSVHeader.mostLines,
      let next = try line(lines.count, isStopped)
    {
      let previous = lines[lines.count - 2]
      let own = CSVDialect.reading(first.text, next.text, told: told)
      let later = CSVDialect.reading(previous.text, next.text, told: told)
      // Words between blanks look like columns.
      if let later, own == nil || own?.dialect.separator == .blanks, later.score > 0,
        later.dialect.separator != own?.dialect.separator,
        !later.dialect.holdsNumbers(previous.text)
      {
        (found, header, sample) = (later, previous, next)
        notes.append("line \(previous.number) is the header, what stands before it is passed over")
      } else if let own {
        (found, sample) = (own, next)
        takeUnits(own)
      }
    }
    let chosen = found?.dialect ?? dialect
    try refuseNumbers(in: header, chosen)
    let ahead = lines.filter { $0.number > header.number }
    return (
      try format(
        names: header, chosen,
        sample: found == nil ? [] : sample.flatMap { chosen.cells($0.text) } ?? []), ahead
    )
  }

  /// Takes away a line of as many words as there are columns between their names and the first numbers.
  private mutating func takeUnits(_ reading: CSVDialect.Reading) {
    guard lines.count == 3, let cells = reading.dialect.cells(lines[1].text),
      cells.count == reading.columns, !cells.contains(where: { $0.content == .number }),
      cells.contains(where: { $0.content == .text })
    else { return }
    notes.append("line \(lines[1].number) holds words alone, such as units, and is passed over")
    lines.remove(at: 1)
  }

  /// A column alone, whatever else its name might be.
  private mutating func readLone(
    _ first: RowReader.Line, _ dialect: CSVDialect
  ) throws(SourceError) -> (CSVFormat, [RowReader.Line]) {
    try refuseNumbers(in: first, dialect)
    return (try format(names: first, dialect, sample: []), Array(lines.dropFirst()))
  }

  private mutating func readAgreeing(
    _ first: RowReader.Line, _ second: RowReader.Line, _ reading: CSVDialect.Reading
  ) throws(SourceError) -> (CSVFormat, [RowReader.Line]) {
    let dialect = reading.dialect
    let cells = dialect.cells(first.text) ?? []
    let sample = dialect.cells(second.text) ?? []
    let isLikeData = zip(cells, sample).allSatisfy {
      ($0.content == .text) == ($1.content == .text)
    }
    guard isLikeData, cells.contains(where: { $0.content == .number }) else {
      return (try format(names: first, dialect, sample: sample), Array(lines.dropFirst()))
    }
    // What numpy writes: a line for people that names the columns.
    if let comment = comment.map(CSVHeader.withoutMark), let names = dialect.cells(comment.text),
      names.prefix(reading.columns).count == reading.columns,
      names.count <= reading.columns + 1, names.allSatisfy({ $0.content == .text })
    {
      return (try format(names: comment, dialect, sample: sample), lines)
    }
    throw numbers(in: first, dialect, cells)
  }

  private func refuseNumbers(
    in header: RowReader.Line, _ dialect: CSVDialect
  ) throws(SourceError) {
    let cells = dialect.cells(header.text) ?? []
    guard cells.allSatisfy({ $0.content != .text }),
      cells.contains(where: { $0.content == .number })
    else { return }
    throw numbers(in: header, dialect, cells)
  }

  private func numbers(
    in header: RowReader.Line, _ dialect: CSVDialect, _ cells: [(text: String, CSVDialect.Content)]
  ) -> SourceError {
    reader.input.bad(
      "line \(header.number) holds numbers, expected a header line that names the columns, or "
        + "--no-header for \(cells.count) "
        + (cells.count == 1 ? "column" : "columns \(dialect.description)"))
  }

  private mutating func format(
    names header: RowReader.Line, _ dialect: CSVDialect,
    sample: [(text: String, content: CSVDialect.Content)]
  ) throws(SourceError) -> CSVFormat {
    guard let cells = dialect.cells(header.text) else {
      throw reader.input.bad(
        "line \(header.number) has a quote that is not closed, or something behind one that is, "
          + "expected names \(dialect.description)")
    }
    return try format(cells.map(\.text), areNamed: true, dialect, sample: sample, in: header)
  }

  private mutating func format(
    _ names: [String], areNamed: Bool, _ dialect: CSVDialect,
    sample: [(text: String, content: CSVDialect.Content)], in line: RowReader.Line
  ) throws(SourceError) -> CSVFormat {
    if dialect.separator != .comma || dialect.grammar == .csvWithComma {
      notes.append("cells are \(dialect.description)")
    }
    let areText = names.indices.map { $0 < sample.count && sample[$0].content == .text }
    do throws(LineError) {
      return try CSVFormat(
        names: names, areText: areText, areNamed: areNamed, dialect: dialect, options: options,
        input: reader.input.name, place: ": line \(line.number), \(dialect.description),")
    } catch {
      throw reader.input.bad("line \(line.number)\(error.text)")
    }
  }

  /// A line of the table by its number from 0, read if it has to be; nil at the end. What keeps a later line
  /// than the first from being read is left to its place.
  private mutating func line(
    _ index: Int, _ isStopped: () -> Bool
  ) throws(SourceError) -> RowReader.Line? {
    while lines.count <= index, !hasEnded {
      let line: RowReader.Line?
      do throws(SourceError) {
        line = try RowReader.wait(reader, isStopped)
      } catch {
        if lines.isEmpty || error.kind == .stopped { throw error }
        hasEnded = true
        continue
      }
      guard let line else {
        hasEnded = true
        continue
      }
      if line.isBlank || (lines.isEmpty && takeSeparator(line)) { continue }
      if !line.isTooLong, CSVFormat.isComment(line.text.span) {
        if lines.isEmpty { comment = line }
        continue
      }
      lines.append(line)
    }
    return index < lines.count ? lines[index] : nil
  }

  /// A line for people without what makes it one. Allocates.
  private static func withoutMark(_ line: RowReader.Line) -> RowReader.Line {
    let marks = Array(" \t#/%".utf8)
    var line = line
    line.bytes = Array(line.text.drop { marks.contains($0) })
    line.range = line.bytes.indices
    return line
  }

  /// Whether a line says what separates the cells, as spreadsheets have it: `sep=;`.
  private mutating func takeSeparator(_ line: RowReader.Line) -> Bool {
    let text = String(decoding: line.text, as: UTF8.self).lowercased().filter { $0 != "\"" }
    guard told == nil, text.hasPrefix("sep="), text.utf8.count == 5,
      let separator = text.utf8.last.flatMap(CSVSeparator.init(rawValue:))
    else { return false }
    told = separator
    return true
  }

  private static func problem(of line: RowReader.Line) -> String? {
    if line.isTooLong { return " is longer than \(LineReader.longestLine) bytes" }
    if line.text.contains(0) {
      return " holds zero bytes, expected text: UTF-8, or UTF-16 with a byte order mark"
    }
    return line.text.contains(UInt8(ascii: "\r"))
      ? " has carriage returns inside, expected lines that end with a line feed" : nil
  }
}
