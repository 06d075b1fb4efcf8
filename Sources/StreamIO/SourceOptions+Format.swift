import PlainText

extension SourceOptions {
  /// The format of an input: the one that is stated, else what its first bytes say; raw samples cannot be told.
  ///
  /// Throws `badData` for content that contradicts the options, or that nothing reads, and `usage` where only
  /// an option can tell.
  func format(
    of input: InputDescriptor, named name: SourceFormat?, _ isStopped: () -> Bool
  ) throws(SourceError) -> SourceFormat {
    if case .raw = format { return format ?? .sound }
    let start = try input.firstBytes(isStopped)
    let content = InputContent(start)
    switch (format, content) {
    case (.sound?, .csv), (.sound?, .ndjson): throw input.noSound(start)
    case (.sound?, .other) where !input.isFileFromItsStart: throw input.noSound(start)
    case (let stated?, .sound(let found)) where stated != .sound:
      throw input.bad("is \(found), not \(stated.title) as --format says")
    case (let stated?, _): return stated
    case (nil, .sound): return .sound
    case (nil, .csv), (nil, .ndjson):
      // Of a pipe no more is here than a header.
      if name == .sound || name == nil && input.isFileFromItsStart, !InputContent.hasNumbers(start)
      {
        throw input.noSound(start, orLines: name == nil)
      }
      // A file may be called NDJSON and begin with half a line.
      return content == .csv && name == .ndjson ? .ndjson : content == .csv ? .csv : .ndjson
    case (nil, .empty):
      guard let name else { throw input.bad("is empty, expected \(SourceFormat.expected)") }
      return name
    case (nil, .other):
      if let name { return name }
      guard input.isFileFromItsStart else {
        throw input.bad(
          "begins with \(start.prefix(4).quoted), expected \(SourceFormat.expected), or --format "
            + "for raw samples")
      }
      if SoundFileSource.isRead(input) { return .sound }
      throw SourceError(
        .usage,
        "\(input.name): neither name nor content tells a format, expected \(SourceFormat.expected), "
          + "or --format for raw samples")
    }
  }
}

extension SourceFormat {
  /// What is read without an option, in a sentence.
  fileprivate static let expected = "sound (.wav, .flac, .ogg, .mp3 ...), CSV or NDJSON"
}

extension InputDescriptor {
  /// As many of the first bytes as it takes to tell a format; they will be read again. Waits for them.
  func firstBytes(_ isStopped: () -> Bool) throws(SourceError) -> [UInt8] {
    try firstBytes(ofFile: 4096, isEnough: InputContent.isTold, isStopped: isStopped)
  }

  fileprivate func noSound(_ start: [UInt8], orLines: Bool = false) -> SourceError {
    bad(
      "is no sound file\(orLines ? " and has no lines of numbers" : ""): it begins with "
        + start.prefix(orLines ? 40 : 4).quoted)
  }
}

extension ArraySlice<UInt8> {
  fileprivate var quoted: String { String(decoding: self, as: UTF8.self).quotedExcerpt }
}
