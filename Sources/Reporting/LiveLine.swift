import LatencyLog

/// One lane's line in a terminal view that is redrawn while the run lasts. Only text: the caller
/// owns the cursor.
public struct LiveLine: Sendable, Equatable {
  /// What stands above the lines, at the same widths.
  public static let heading = fields(
    name: "lane", frames: "frames", p50: "p50", p99: "p99", max: "max", misses: "misses",
    queue: "queue", load: "load", output: "output")

  public var name: String
  public var frames: Int
  /// Median of the response time in nanoseconds; nil while too few frames are there, as `p99`.
  public var p50: Int64?
  public var p99: Int64?
  /// Longest response time in nanoseconds.
  public var max: Int64?
  public var misses: Int
  /// Frames that wait for the lane; nil where nothing can wait.
  public var queue: Int?
  public var load: Double?
  /// The latest output value, or whatever else the caller wants to show of it.
  public var output: String

  public init(
    name: String, frames: Int, p50: Int64?, p99: Int64?, max: Int64?, misses: Int, queue: Int?,
    load: Double?, output: String
  ) {
    self.name = name
    self.frames = frames
    self.p50 = p50
    self.p99 = p99
    self.max = max
    self.misses = misses
    self.queue = queue
    self.load = load
    self.output = output
  }

  /// The line of a lane as it stands. Allocates.
  public init(_ lane: RunProgress.Lane, output: String) {
    self.init(
      name: lane.name, frames: lane.frames, p50: lane.p50, p99: lane.p99, max: lane.max,
      misses: lane.misses, queue: lane.queuedFrames, load: lane.load, output: output)
  }

  /// The line, at most `width` characters, without a newline. Allocates.
  public func text(width: Int = 80) -> String {
    String(
      Self.fields(
        name: name, frames: NumberText.count(frames), p50: NumberText.duration(p50),
        p99: NumberText.duration(p99), max: NumberText.duration(max),
        misses: NumberText.count(misses),
        queue: queue.map { NumberText.count($0) } ?? NumberText.unsupported,
        load: NumberText.ratio(load),
        output: output
      ).prefix(width))
  }

  /// A value between 0 and 1 as a bar of eight characters, any other as a number.
  public static func bar(_ value: Float) -> String {
    guard (0...1).contains(value) else { return String(value.description.prefix(8)) }
    let filled = Int((value * 8).rounded())
    return String(repeating: "#", count: filled) + String(repeating: ".", count: 8 - filled)
  }

  private static func fields(
    name: String, frames: String, p50: String, p99: String, max: String, misses: String,
    queue: String, load: String, output: String
  ) -> String {
    let columns = [
      (frames, 9), (p50, 8), (p99, 8), (max, 8), (misses, 7), (queue, 6), (load, 8),
    ]
    let line = columns.reduce(TableLayout.leading(shortened(name), width: 16)) { line, column in
      line + TableLayout.trailing(column.0, width: column.1)
    }
    return TableLayout.withoutTrailingSpaces(line + " " + output)
  }

  /// Both ends of a long name: its end is often all that tells two lanes apart.
  private static func shortened(_ name: String) -> String {
    name.count <= 16 ? name : name.prefix(7) + ".." + name.suffix(7)
  }
}

/// How far something is, as one line for a terminal that is redrawn in place.
public enum ProgressBar {
  /// `[###...] 42 %, 3 s left`; without a share done yet there is nothing to extrapolate from.
  public static func text(share: Double, elapsed seconds: Double, width: Int = 30) -> String {
    let share = min(1, max(0, share))
    let filled = Int(share * Double(width))
    let bar =
      "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
      + "]"
    guard share > 0 else { return bar }
    let percent = String(Int((share * 100).rounded()))
    let left = Int((seconds * (1 - share) / share).rounded())
    return bar + TableLayout.trailing(percent, width: 4) + " %, \(left) s left"
  }
}
