import PlainText

/// Turns frame records into lines of the frame log, as bytes.
///
/// NDJSON, where `dropped` appears only on a frame that was:
/// `{"lane":"a","frame":0,"position":399,"arrival_ns":25000000,"queue_ns":0,"front_end_ns":9000,
/// "buffering_ns":0,"model_ns":31000,"emit_ns":0,"response_ns":40000,"missed":false,
/// "clock":"virtual"}` on one line. A gap of the input is
/// `{"lane":null,"position":16000,"arrival_ns":1000000000,"clock":"monotonic","gap":800}`: its first
/// lost sample, when it began, and its length in samples.
///
/// CSV has the same columns, then `dropped` and `gap`, which is 0 for a frame; truth values are 0 and 1,
/// and what a gap has not is empty.
///
/// In a log of several inputs a line begins with its own: `{"input":"talk.wav","lane":...`, in CSV a first
/// column.
public struct FrameLogEncoder: Sendable {
  static let columns = [
    "lane", "frame", "position", "arrival_ns", "queue_ns", "front_end_ns", "buffering_ns",
    "model_ns", "emit_ns", "response_ns", "missed", "clock", "dropped", "gap",
  ]

  private let format: FrameLogFormat
  private let clock: RunClock
  /// What a line of each lane begins with, its name included.
  private let beginnings: [[UInt8]]
  private let gapBeginning: [UInt8]
  private let deadlines: [Int64]
  private let namesInput: Bool

  /// An encoder for records whose `lane` counts in `lanes`, of `input` where there are several.
  public init(
    _ format: FrameLogFormat, lanes: [LaneDescription], clock: RunClock, input: String? = nil
  ) {
    let head: String
    switch format {
    case .ndjson: head = "{" + (input.map { "\"input\":\(JSONString.quoted($0))," } ?? "")
    case .csv: head = input.map { CSVCell.written($0) + "," } ?? ""
    }
    namesInput = input != nil
    gapBeginning = Array((head + (format == .ndjson ? "\"lane\":null" : ",")).utf8)
    self.format = format
    self.clock = clock
    deadlines = lanes.map(\.deadline)
    beginnings = lanes.map { lane in
      switch format {
      case .ndjson: Array("\(head)\"lane\":\(JSONString.quoted(lane.name))".utf8)
      case .csv: Array("\(head)\(CSVCell.written(lane.name))".utf8)
      }
    }
  }

  /// Appends what comes before the first record: the header line of CSV, nothing for NDJSON.
  public func appendHeader(to bytes: inout [UInt8]) {
    guard format == .csv else { return }
    let columns = (namesInput ? ["input"] : []) + Self.columns
    bytes += (columns.joined(separator: ",") + "\n").utf8
  }

  /// Appends a record's line. Allocates only where `bytes` has no room for it.
  public func append(_ record: FrameRecord, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: beginnings[record.lane])
    appendInteger("frame", record.frame, to: &bytes)
    appendInteger("position", record.position, to: &bytes)
    appendInteger("arrival_ns", record.arrival, to: &bytes)
    appendInteger("queue_ns", record.queue, to: &bytes)
    appendInteger("front_end_ns", record.frontEnd, to: &bytes)
    appendInteger("buffering_ns", record.buffering, to: &bytes)
    appendInteger("model_ns", record.model, to: &bytes)
    appendInteger("emit_ns", record.emit, to: &bytes)
    appendInteger("response_ns", record.response, to: &bytes)
    let missed = record.misses(deadline: deadlines[record.lane])
    switch format {
    case .ndjson:
      bytes.append(missed ? ",\"missed\":true" : ",\"missed\":false")
      bytes.append(clock == .virtual ? ",\"clock\":\"virtual\"" : ",\"clock\":\"monotonic\"")
      if record.dropped { bytes.append(",\"dropped\":true") }
      bytes.append("}\n")
    case .csv:
      bytes.append(missed ? ",1" : ",0")
      bytes.append(clock == .virtual ? ",virtual" : ",monotonic")
      bytes.append(record.dropped ? ",1,0\n" : ",0,0\n")
    }
  }

  /// Appends a gap of the input, which began at an instant of the run.
  public func append(_ gap: Stretch, began instant: Int64, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: gapBeginning)
    appendInteger("position", gap.start, to: &bytes)
    appendInteger("arrival_ns", instant, to: &bytes)
    switch format {
    case .ndjson:
      bytes.append(clock == .virtual ? ",\"clock\":\"virtual\"" : ",\"clock\":\"monotonic\"")
    case .csv: bytes.append(clock == .virtual ? ",,,,,,,,virtual," : ",,,,,,,,monotonic,")
    }
    appendInteger("gap", gap.length, to: &bytes)
    bytes.append(format == .ndjson ? "}\n" : "\n")
  }

  private func appendInteger(
    _ key: StaticString, _ value: some FixedWidthInteger, to bytes: inout [UInt8]
  ) {
    bytes.append(UInt8(ascii: ","))
    if format == .ndjson {
      bytes.append(UInt8(ascii: "\""))
      bytes.append(key)
      bytes.append("\":")
    }
    bytes.append(decimal: value)
  }
}

/// How the frame log is written.
public enum FrameLogFormat: Sendable, Equatable {
  /// A JSON object a line.
  case ndjson
  /// A header line, then comma-separated values.
  case csv

  /// CSV for a path that ends in `.csv` in any case, NDJSON for any other.
  public init(path: String) {
    self = path.lowercased().hasSuffix(".csv") ? .csv : .ndjson
  }
}
