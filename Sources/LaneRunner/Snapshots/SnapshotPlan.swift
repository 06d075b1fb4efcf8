import StreamIO

/// What a run saves of itself, where it stops, and what it goes on from.
public struct SnapshotPlan {
  /// Where snapshots go; nil takes none.
  public var file: WholeFile?
  /// From one snapshot to the next, in nanoseconds of the input.
  public var interval: Int64 = 10_000_000_000
  /// The run stops when the frame before this one has entered the first lane, as if its input went on; nil for
  /// its end.
  public var stopFrame: UInt64?
  /// The snapshot that the run goes on from, and its name; nil begins anew.
  public var resumed: (snapshot: Snapshot, name: String)?
  /// What a run must have in common with this one to go on from its snapshots, beside its lanes and what is known
  /// of its source.
  public var facts: [Snapshot.Fact] = []
  /// The files that the run's subscribers write as it goes: a snapshot counts on what is in them, and a run that
  /// goes on cuts off what came behind it.
  public var sinks: [FileSink] = []
  /// The run's name and arguments, for people.
  public var command: [String] = []

  /// Nothing is saved.
  public init() {}
}
