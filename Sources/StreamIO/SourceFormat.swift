/// How samples are written down in an input.
public enum SourceFormat: String, Sendable, CaseIterable {
  case wav, flac, ogg
  /// Headerless PCM, interleaved: 16-bit little-endian integers.
  case s16le
  /// Headerless PCM, interleaved: 32-bit little-endian floats, taken as they are.
  case f32le
  /// A header line, then a line a sample; a column called `time` holds seconds.
  case csv
  /// A line a sample: an array of numbers, or `{"time": seconds, "values": [numbers]}`.
  case ndjson

  /// The format that a file's extension stands for, or nil; case does not matter.
  public init?(path: String) {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
    switch name[name.index(after: dot)...].lowercased() {
    case "wav": self = .wav
    case "flac": self = .flac
    case "ogg": self = .ogg
    case "csv": self = .csv
    case "ndjson": self = .ndjson
    default: return nil
    }
  }

  /// The name in a sentence.
  var title: String {
    switch self {
    case .s16le, .f32le: rawValue
    default: rawValue.uppercased()
    }
  }

  /// A file of this format in a sentence.
  var phrase: String { self == .ogg ? "an OGG file" : "a \(title) file" }
}
