/// Rows with stamps that wait for their places on the clock of the samples, oldest first.
///
/// One value, so that a line costs few checks of who else may be at it, and no allocation.
struct StampedRows {
  /// A row that waits for its place.
  struct Row: BitwiseCopyable {
    /// In ns.
    var time: Int64
    /// Monotonic ns at which the line was there.
    var arrival: Int64
    /// Lines right before it of which nothing could be read.
    var unread: Int
    /// Whether it has a sample; else only the stamp could be read.
    var hasValues: Bool
  }

  private(set) var clock: StampClock?
  /// The oldest row's place, once the clock has told it.
  private(set) var place: StampClock.Placed?
  /// Those before `taken` have been delivered.
  private var rows: [Row] = []
  /// `[rows, channels]`, zeros where a row has no sample.
  private var values: [Float] = []
  private var taken = 0
  private let channelCount: Int

  init(channelCount: Int) { self.channelCount = channelCount }

  var oldest: Row { rows[taken] }

  /// Makes the clock of the samples, which takes the rows that are there.
  mutating func begin(origin: Int64, _ first: FirstStretch) {
    var clock = StampClock(origin: origin, first: first)
    for row in rows { clock.take(row.time) }
    self.clock = clock
    place = self.clock?.takePlaced()
  }

  /// Appends a row, with its sample where it has one, and lets the clock look at its stamp.
  mutating func append(_ row: Row, _ sample: [Float]) {
    if taken >= 256 {
      rows.removeFirst(taken)
      values.removeFirst(taken * channelCount)
      taken = 0
    }
    rows.append(row)
    for channel in 0..<channelCount { values.append(row.hasValues ? sample[channel] : 0) }
    clock?.take(row.time)
    findPlace()
  }

  /// No more rows come: what waits gets its place.
  mutating func finish() {
    clock?.finish()
    findPlace()
  }

  /// The oldest row and its sample, `[channels]`, are taken away.
  mutating func removeOldest(into sample: UnsafeMutablePointer<Float>?) {
    if let sample = unsafe sample {
      for channel in 0..<channelCount {
        unsafe sample[channel] = values[taken * channelCount + channel]
      }
    }
    taken += 1
    place = nil
    findPlace()
  }

  /// The lost samples before the oldest row have been told of.
  mutating func passGap() { place?.gap = 0 }

  /// One of the lost samples before the oldest row was that of a line of which nothing could be read, and
  /// has been told of.
  mutating func passUnread() {
    place?.gap -= 1
    rows[taken].unread -= 1
  }

  private mutating func findPlace() {
    if place == nil { place = clock?.takePlaced() }
  }
}
