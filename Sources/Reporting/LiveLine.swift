import LatencyLog

/// One lane's line in a terminal view that is redrawn while the run lasts. Only text: the caller
/// owns the cursor.
public struct LiveLine: Sendable, Equatable {
  /// What stands above the lines, at the same widths.
  public static let heading = fields(
    name: "lane", frames: "frames", p50: "p50", p99: "p99", misses: "misses", load: "load",
    output: "output")

  public var name: String
  public var frames: Int
  /// Median of the response time in nanoseconds; nil while too few frames are there, as `p99`.
  public var p50: Int64?
  public var p99: Int64?
  public var misses: Int
  public var load: Double?
  /// The latest output value, or whatever else the caller wants to show of it.
  public var output: String

  public init(
    name: String, frames: Int, p50: Int64?, p99: Int64?, misses: Int, load: Double?, output: String
  ) {
    self.name = name
    self.frames = frames
    self.p50 = p50
    self.p99 = p99
    self.misses = misses
    self.load = load
    self.output = output
  }

  /// The line of a lane as its statistics stand. Allocates.
  public init(_ statistics: LaneStatistics, output: String) {
    self.init(
      name: statistics.lane.name, frames: statistics.frames,
      p50: statistics.response.percentile(0.5), p99: statistics.response.percentile(0.99),
      misses: statistics.misses.count, load: statistics.loadSoFar, output: output)
  }

  /// The line, at most `width` characters, without a newline. Allocates.
  public func text(width: Int = 80) -> String {
    String(
      Self.fields(
        name: name, frames: Figure.count(frames), p50: Figure.duration(p50),
        p99: Figure.duration(p99), misses: Figure.count(misses), load: Figure.ratio(load),
        output: output
      ).prefix(width))
  }

  private static func fields(
    name: String, frames: String, p50: String, p99: String, misses: String, load: String,
    output: String
  ) -> String {
    let columns = [(frames, 11), (p50, 9), (p99, 9), (misses, 9), (load, 8)]
    let line = columns.reduce(TableLayout.leading(shortened(name), width: 20)) { line, column in
      line + TableLayout.trailing(column.0, width: column.1)
    }
    return TableLayout.withoutTrailingSpaces(line + "  " + output)
  }

  /// Both ends of a long name: its end is often all that tells two lanes apart.
  private static func shortened(_ name: String) -> String {
    name.count <= 20 ? name : name.prefix(10) + ".." + name.suffix(8)
  }
}
