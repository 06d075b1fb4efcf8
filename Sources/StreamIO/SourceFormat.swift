/// How samples are written down in an input.
public enum SourceFormat: Sendable, Hashable {
  /// Sound with a header that tells rate, channels and encoding, in any container that libsndfile reads.
  case sound
  /// Headerless PCM, interleaved.
  case raw(PCMEncoding)
  /// A header line, then a line a sample; a column called `time` or the like stamps it.
  case csv
  /// A line a sample: an array of numbers, or `{"time": seconds, "values": [numbers]}`.
  case ndjson

  /// The format that a word stands for, or nil; case does not matter. The name of any container is sound, whose
  /// header says which.
  public init?(name: String) {
    let word = name.lowercased()
    if SourceFormat.containers.contains(word) {
      self = .sound
    } else if word == "csv" {
      self = .csv
    } else if word == "ndjson" {
      self = .ndjson
    } else if let encoding = PCMEncoding(name: name) {
      self = .raw(encoding)
    } else {
      return nil
    }
  }

  /// The words that people will need, for messages.
  public static let names =
    "wav, flac, ogg, opus, mp3, aiff, au, caf, w64, csv, ndjson, or for raw samples "
    + PCMEncoding.allCases.map(\.rawValue).joined(separator: ", ")

  /// The format that a file's extension stands for, or nil; raw samples have none.
  init?(path: String) {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
    switch name[name.index(after: dot)...].lowercased() {
    case "csv", "tsv": self = .csv
    case "ndjson", "jsonl", "json": self = .ndjson
    case let word where SourceFormat.containers.contains(word): self = .sound
    default: return nil
    }
  }

  /// What files of sound are called that libsndfile reads.
  private static let containers: Set<String> = [
    "wav", "wave", "bwf", "rf64", "w64", "flac", "ogg", "oga", "opus", "mp3", "mp2", "aiff", "aif",
    "aifc", "au", "snd", "caf", "voc", "sph", "nist", "ircam", "paf", "pvf", "svx", "iff", "avr",
    "mat", "wve", "xi",
  ]

  /// The name in a sentence.
  var title: String {
    switch self {
    case .sound: "sound"
    case .raw(let encoding): encoding.rawValue
    case .csv: "csv"
    case .ndjson: "ndjson"
    }
  }
}

/// What the first bytes of an input say that it is.
enum InputContent: Equatable {
  case empty
  /// Sound in a container, which a sentence calls this: "a WAV file".
  case sound(String)
  case csv, ndjson
  /// Neither: raw samples, a container that only libsndfile knows, or none of our business.
  case other

  /// How many bytes tell it; text is told by its first line.
  static let length = 48

  /// Whether more bytes would say no more. A short file may keep a pipe waiting behind its first sample.
  static func isTold(by bytes: [UInt8]) -> Bool {
    if bytes.count >= length { return true }
    if WAVHeader.begins(bytes) { return WAVHeader.formatTag(bytes) != nil }
    if case .sound = InputContent(bytes) { return true }
    return bytes.contains(UInt8(ascii: "\n"))
  }

  init(_ bytes: [UInt8]) {
    if bytes.isEmpty {
      self = .empty
    } else if let name = InputContent.container(bytes) {
      self = .sound(name)
    } else if InputContent.isText(bytes) {
      self = InputContent.beginsJSON(bytes) ? .ndjson : .csv
    } else {
      self = .other
    }
  }

  private static let containers: [(start: [UInt8], name: String)] =
    [
      ("RIFF", "a WAV file"), ("RF64", "a WAV file"), ("RIFX", "a WAV file"),
      ("fLaC", "a FLAC file"), ("OggS", "an OGG file"), ("FORM", "an AIFF file"),
      (".snd", "an AU file"), ("dns.", "an AU file"), ("caff", "a CAF file"),
      ("riff", "a W64 file"),
      ("ID3", "an MP3 file"), ("NIST_1A", "a NIST file"), ("Creative Voice File", "a VOC file"),
      ("2BIT", "an AVR file"), (" paf", "a PAF file"), ("fap ", "a PAF file"),
      ("PVF1", "a PVF file"),
      ("ALawSoundFile", "a WVE file"), ("Extended Instrument", "an XI file"),
      ("MATLAB", "a MAT file"),
    ].map { (Array($0.utf8), $1) } + [([0x64, 0xA3], "an IRCAM file")]

  private static func container(_ bytes: [UInt8]) -> String? {
    if let found = containers.first(where: { bytes.starts(with: $0.start) }) {
      return found.name
    }
    return MPEGFrame(bytes.prefix(4)) == nil || isUTF16(bytes) ? nil : "an MP3 file"
  }

  /// Whether there is a byte order mark, which looks like the begin of an MPEG frame of layer I.
  private static func isUTF16(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
  }

  /// Whether no byte is a control character, other than those of text; any encoding will do.
  private static func isText(_ bytes: [UInt8]) -> Bool {
    isUTF16(bytes) || bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }
  }

  /// Whether a value begins that NDJSON may have in a line; `[ms],x` is the header of a CSV.
  private static func beginsJSON(_ bytes: [UInt8]) -> Bool {
    var text = bytes.drop { $0 == 0 || $0 >= 0x80 || $0 == 0x20 || (0x09...0x0D).contains($0) }
      .filter { $0 != 0 && $0 != 0x20 && !(0x09...0x0D).contains($0) }
    guard let first = text.first, first == UInt8(ascii: "[") || first == UInt8(ascii: "{") else {
      return false
    }
    text.removeFirst()
    guard let second = text.first else { return true }
    return (first == UInt8(ascii: "[") ? "[{\"-0123456789]n" : "\"}").utf8.contains(second)
  }

  /// Whether a line begins as those of numbers do; a page of HTML or a letter has none.
  static func hasNumbers(_ bytes: [UInt8]) -> Bool {
    bytes.split { $0 == 0x0A || $0 == 0x0D }.contains { line in
      let first = line.first { $0 != 0 && $0 != 0x20 && $0 != 0x09 }
      return first.map { "+-.\"[{0123456789".utf8.contains($0) } ?? false
    }
  }
}
