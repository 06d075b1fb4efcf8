import PlainText
import StreamCore

/// What is in a model file, as rows for a reader: `lockstep model info` prints `text`.
public struct ModelDescription: Sendable {
  /// One fact: a name and one or more lines, without line breaks or control characters.
  public struct Row: Sendable, Equatable {
    public let name: String
    public let lines: [String]

    package init(_ name: String, _ lines: [String]) {
      self.name = name
      self.lines = lines
    }
  }

  /// In the order of printing.
  public let rows: [Row]

  /// Of rows that others made.
  package init(rows: [Row]) { self.rows = rows }

  /// Describes a model that was read. Allocates.
  public init(_ file: ModelFile) {
    let model = file.model
    let frontEnd = file.frontEnd
    let latency = model.algorithmicLatency
    let labels = file.labels.list(atMost: Self.mostNames)
    let tokens = file.tokens.map { ["tokens (ctc), blank \(file.labels[$0.blank].excerpt)"] } ?? []
    let provenance = file.provenance.flatMap { try? JSONValue(parsing: Array($0.utf8)) }
    rows = [
      Row("architecture", [file.architecture]),
      Row("configuration", file.configuration.fields.map { "\($0.name) \($0.value)" }),
      Row(
        "front end",
        [file.frontEndKind] + file.frontEndFields.map { "\($0.name) \($0.value)" }
          + (file.channelNames.map { ["channel_names \($0.list(atMost: Self.mostNames))"] } ?? [])),
      Row("frame period", [frontEnd.duration(frames: 1)]),
      Row("outputs", ["\(labels) (activation \(file.activation.rawValue))"] + tokens),
      Row("parameters", [file.parameterCount.grouped]),
      Row("weights", ["\(model.weightBytes.grouped) bytes"]),
      Row("state", ["\(model.stateBytes(streams: 1).grouped) bytes a stream"]),
      Row("multiply-adds", ["\(model.multiplyAddsPerFrame.grouped) a frame"]),
      Row(
        "algorithmic latency",
        [
          "\(latency) \(latency == 1 ? "frame" : "frames"), \(frontEnd.duration(frames: latency))"
        ]),
      Row("provenance", provenance.map { Self.beginning(of: $0.outline) } ?? ["none"]),
    ]
  }

  /// Names, or lines of provenance, that are shown at most: what a file says has no end.
  private static let mostNames = 100

  private static func beginning(of lines: [String]) -> [String] {
    lines.prefix(mostNames).map { $0.line() }
      + (lines.count > mostNames ? ["... (\((lines.count - mostNames).grouped) lines more)"] : [])
  }

  /// The rows with their values in one column, a line break after every line. Allocates.
  public var text: String {
    let width = (rows.map(\.name.count).max() ?? 0) + 2
    return rows.map { row in
      row.lines.enumerated().map { index, line in
        let name = index == 0 ? row.name : ""
        return name + String(repeating: " ", count: width - name.count) + line + "\n"
      }.joined()
    }.joined()
  }
}

extension FrontEnd {
  /// How long a number of frames takes to arrive, in ms to the microsecond.
  package func duration(frames: Int) -> String {
    let microseconds = (Double(frames) * Double(hop) / Double(sampleRate) * 1_000_000).rounded()
    let milliseconds = "\(microseconds / 1_000)"
    return (milliseconds.hasSuffix(".0") ? String(milliseconds.dropLast(2)) : milliseconds) + " ms"
  }
}
