import PlainText

/// Label files of other programs, which have no header: found by their first line.
enum LabelAnnotation {
  /// A label track as Audacity exports it: start, end and label between tabs, in seconds. Lines that begin
  /// with a backslash are the frequencies of the label before.
  case audacity
  /// Rich Transcription Time Marked (NIST), as diarisation tools write it: turns of speakers, by start and
  /// duration in seconds. Speech is where any of them speaks. Without turns its lexemes are the labels.
  case rttm

  /// - Parameter lines: of the file, without line breaks; nil where they are neither.
  init?(_ lines: [ArraySlice<UInt8>]) {
    let isComment = { (line: ArraySlice<UInt8>) in line.starts(with: ";;".utf8) }
    guard let first = lines.first(where: { !isComment($0) && !LabelAnnotation.words($0).isEmpty })
    else {
      guard lines.contains(where: isComment) else { return nil }
      self = .rttm
      return
    }
    let cells = LabelAnnotation.cells(first)
    if cells.count >= 2, cells[..<2].allSatisfy({ DecimalText.double($0, grammar: .csv) != nil }) {
      self = .audacity
    } else if let word = LabelAnnotation.words(first).first, LabelAnnotation.types.contains(word) {
      self = .rttm
    } else {
      return nil
    }
  }

  private static let types: Set<String> = [
    "SPEAKER", "SPKR-INFO", "SEGMENT", "NOSCORE", "NO_RT_METADATA", "LEXEME", "NON-LEX",
    "NON-SPEECH",
    "FILLER", "EDIT", "IP", "SU", "CB", "A/P",
  ]

  /// The stretches of all lines, in order.
  func stretches(_ lines: [ArraySlice<UInt8>]) throws(LabelLineDefect) -> [LabelStretch] {
    var rows: [(seconds: Double, row: LabelRow)] = []
    var recording: String?
    let hasTurns = lines.contains { LabelAnnotation.words($0).first == "SPEAKER" }
    for (index, line) in lines.enumerated() {
      do throws(FileDefect) {
        guard
          let row = try row(
            line, number: index + 1, taking: hasTurns ? "SPEAKER" : "LEXEME", &recording)
        else { continue }
        let start = try row.seconds("start")
        // A label at a point says nothing of any time.
        if try row.seconds("end") != start { rows.append((start, row)) }
      } catch {
        throw LabelLineDefect(line: index + 1, reason: error.reason)
      }
    }
    guard !rows.isEmpty else {
      throw LabelLineDefect(
        line: lines.count, reason: "is the last one, expected labels that have a length")
    }
    rows.sort { ($0.seconds, $0.row.line) < ($1.seconds, $1.row.line) }
    var builder = LabelStretchBuilder(form: .intervals, hasLabels: false, merges: true)
    for (_, row) in rows {
      do throws(FileDefect) {
        try builder.append(row)
      } catch {
        throw LabelLineDefect(line: row.line, reason: error.reason)
      }
    }
    do throws(FileDefect) {
      return try builder.finish()
    } catch {
      throw LabelLineDefect(line: lines.count, reason: error.reason)
    }
  }

  /// What a line says; nil for one without a label.
  private func row(
    _ line: ArraySlice<UInt8>, number: Int, taking type: String, _ recording: inout String?
  ) throws(FileDefect) -> LabelRow? {
    let words = LabelAnnotation.words(line)
    guard let first = words.first, !first.hasPrefix(";;"), !first.hasPrefix("\\") else {
      return nil
    }
    switch self {
    case .audacity:
      let cells = LabelAnnotation.cells(line)
      guard cells.count >= 2 else {
        throw FileDefect("has no tab, expected start, end and label between tabs")
      }
      let label = cells.count > 2 ? cells[2] : ""
      return LabelRow(
        line: number,
        fields: ["start": .bare(cells[0]), "end": .bare(cells[1]), "label": .bare(label)])
    case .rttm:
      guard first == type else {
        guard LabelAnnotation.types.contains(first) else {
          throw FileDefect("begins with \(first.quotedExcerpt), expected SPEAKER as RTTM has it")
        }
        return nil
      }
      guard words.count >= 5 else {
        throw FileDefect(
          "has \(words.count) words, expected \(type) FILE CHANNEL START DURATION ...")
      }
      if let recording, recording != words[1] {
        throw FileDefect(
          "is of the recording \(words[1].quotedExcerpt), expected \(recording.quotedExcerpt) as before"
        )
      }
      recording = words[1]
      let row = LabelRow(
        line: number, fields: ["start": .bare(words[3]), "duration": .bare(words[4])])
      let end = try row.seconds("start") + row.seconds("duration")
      var fields = ["start": LabelField.bare(words[3]), "end": .bare("\(end)")]
      if type == "LEXEME", words.count > 5 { fields["label"] = .bare(words[5]) }
      return LabelRow(line: number, fields: fields)
    }
  }

  private static func cells(_ line: ArraySlice<UInt8>) -> [String] {
    line.split(separator: 0x09, omittingEmptySubsequences: false).map { cell in
      let text = cell.drop { $0 == 0x20 }
      return String(
        decoding: text.prefix(text.count - text.reversed().prefix { $0 == 0x20 }.count),
        as: UTF8.self)
    }
  }

  private static func words(_ line: ArraySlice<UInt8>) -> [String] {
    line.split { $0 == 0x20 || $0 == 0x09 }.map { String(decoding: $0, as: UTF8.self) }
  }
}

/// What is wrong with a line of a label file.
struct LabelLineDefect: Error {
  let line: Int
  let reason: String
}
