import LatencyLog
import PlainText

/// One lane of a file that is compared.
public struct ComparedLane: Sendable, Equatable {
  public var name: String
  /// As a summary has it; of a log without the keys that it cannot know.
  public var json: JSONValue
  public var frames: Int
  /// Response times by position; nil of a summary, which has none.
  public var series: ResponseSeries?

  public init(name: String, json: JSONValue, frames: Int, series: ResponseSeries? = nil) {
    self.name = name
    self.json = json
    self.frames = frames
    self.series = series
  }
}

/// One of the files that are compared.
public struct ComparedFile: Sendable, Equatable {
  /// What it is.
  public enum Kind: String, Sendable {
    case summary, log
  }

  /// As it was given.
  public var name: String
  public var kind: Kind
  /// The whole summary; of a log the clock alone.
  public var json: JSONValue
  public var lanes: [ComparedLane]

  public init(name: String, kind: Kind, json: JSONValue, lanes: [ComparedLane]) {
    self.name = name
    self.kind = kind
    self.json = json
    self.lanes = lanes
  }

  /// The lane of that name, if it has one.
  public func lane(_ name: String) -> ComparedLane? { lanes.first { $0.name == name } }

  fileprivate var judgedLanes: [Judged.Lane] {
    lanes.map { Judged.Lane(name: $0.name, json: $0.json, frames: $0.frames) }
  }
}

/// By how much response times of one run differ from those of another, over the positions that both have:
/// the second minus the first, with 95 % intervals.
public struct PairedDifference: Sendable, Equatable {
  /// Pairs of frames after both warm-ups.
  public var frames: Int
  /// What the bootstrap drew: stretches of so many frames each.
  public var blocks: Int
  public var blockFrames: Int
  /// Of the differences, in nanoseconds, rounded.
  public var mean: DurationEstimate?
  /// Of the percentiles, by their keys in the summary: `p50`, `p90`, `p95`, `p99`.
  public var percentiles: [(key: String, difference: DurationEstimate)]

  public init(
    frames: Int, blocks: Int, blockFrames: Int, mean: DurationEstimate?,
    percentiles: [(key: String, difference: DurationEstimate)]
  ) {
    self.frames = frames
    self.blocks = blocks
    self.blockFrames = blockFrames
    self.mean = mean
    self.percentiles = percentiles
  }

  public static func == (one: PairedDifference, other: PairedDifference) -> Bool {
    one.json == other.json
  }

  /// Of a percentile; nil where the pairs do not support it.
  public func difference(_ key: String) -> DurationEstimate? {
    percentiles.first { $0.key == key }?.difference
  }

  var json: JSONValue {
    .object(
      [
        ("frames", .integer(frames)), ("blocks", .integer(blocks)),
        ("block_frames", .integer(blockFrames)), ("mean", DurationEstimate.json(mean)),
      ] + ["p50", "p90", "p95", "p99"].map { ($0, DurationEstimate.json(difference($0))) })
  }
}

/// Files side by side: the figures of lanes of one name, what else differs, and what is in one file only.
public struct Comparison: Sendable, Equatable {
  /// Two at least; the others are held against the first.
  public var files: [ComparedFile]
  /// By lane and file: of logs, against the first.
  public var paired: [String: [Int: PairedDifference]] = [:]

  public init(_ files: [ComparedFile]) {
    precondition(files.count > 1, "there is something to compare")
    self.files = files
  }

  /// Names of lanes that two files have at least, in the order of the files.
  public var lanes: [String] {
    allLanes.filter { name in files.filter { $0.lane(name) != nil }.count > 1 }
  }

  /// Names of lanes that not all files have, each with the indices of those that do.
  public var unmatched: [(lane: String, files: [Int])] {
    allLanes.compactMap { name in
      let with = files.indices.filter { files[$0].lane(name) != nil }
      return with.count < files.count ? (name, with) : nil
    }
  }

  private var allLanes: [String] {
    files.flatMap { $0.lanes.map(\.name) }.reduce(into: []) { names, name in
      if !names.contains(name) { names.append(name) }
    }
  }

  /// What requirements are held against: the last file, and the first for bounds such as `1.1x`.
  public var judged: Judged {
    let last = files[files.count - 1]
    var judged = Judged(last.judgedLanes)
    judged.name = last.name
    judged.baseline = (files[0].name, files[0].judgedLanes)
    return judged
  }

  /// Dotted paths of the numbers that lanes of a name have in two files at least, in the order of the
  /// summary.
  public func metrics(of lane: String) -> [String] {
    var counts: [String: Int] = [:]
    var paths: [String] = []
    for file in files {
      for (path, value) in file.lane(lane)?.json.leaves(joinedBy: ".") ?? [] {
        guard value.double != nil else { continue }
        if counts[path] == nil { paths.append(path) }
        counts[path, default: 0] += 1
      }
    }
    return paths.filter { counts[$0, default: 0] > 1 }
  }

  /// A metric in each file, nil where it has none.
  public func values(of metric: String, lane: String) -> [JSONValue?] {
    files.map { file in
      guard let value = file.lane(lane)?.json[path: metric], value.double != nil else { return nil }
      return value
    }
  }
}

extension Comparison {
  /// The comparison for programs, every key always present. Differences and ratios are to the first
  /// file, null for itself. Allocates.
  public var json: JSONValue {
    .object([
      ("schema", .integer(RunSummary.schema)),
      (
        "files",
        .array(
          files.map { file in
            .object(
              [("name", .string(file.name)), ("kind", .string(file.kind.rawValue))]
                + ["tool", "command", "started", "input", "machine"].map {
                  ($0, file.json[path: $0] ?? .null)
                })
          })
      ),
      (
        "differs",
        .array(
          differing.map { fact in
            .object([
              ("what", .string(fact.what)), ("lane", .text(fact.lane)),
              ("values", .array(fact.values.map { $0 ?? .null })),
            ])
          })
      ),
      (
        "unmatched",
        .array(
          unmatched.map { lane, indices in
            .object([
              ("lane", .string(lane)),
              ("files", .array(indices.map { .string(files[$0].name) })),
            ])
          })
      ),
      ("lanes", .array(lanes.map(json))),
    ])
  }

  private func json(of lane: String) -> JSONValue {
    .object([
      ("name", .string(lane)),
      (
        "metrics",
        .array(
          metrics(of: lane).map { metric in
            let values = values(of: metric, lane: lane)
            let changes = values.map { Change(from: values[0], to: $0) }
            return .object([
              ("metric", .string(metric)), ("values", .array(values.map { $0 ?? .null })),
              ("differences", .array([.null] + changes.dropFirst().map(\.difference))),
              ("ratios", .array([.null] + changes.dropFirst().map { .number($0.ratio) })),
            ])
          })
      ),
      ("paired", .array(files.indices.map { paired[lane]?[$0]?.json ?? .null })),
    ])
  }

  /// How one value differs from another; whole numbers exactly.
  public struct Change: Sendable, Equatable {
    /// The second minus the first; null where one is missing.
    public var difference: JSONValue
    /// The second over the first; nil where one is missing, or the first is 0.
    public var ratio: Double?

    public init(from first: JSONValue?, to second: JSONValue?) {
      difference = .null
      guard let from = first?.double, let to = second?.double else { return }
      if let from = first?.integer, let to = second?.integer {
        let (whole, isTooLarge) = to.subtractingReportingOverflow(from)
        difference = isTooLarge ? .null : .integer(whole)
      } else {
        difference = .number(to - from)
      }
      if from != 0 { ratio = to / from }
    }
  }
}
