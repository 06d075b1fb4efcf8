import LatencyLog
import StreamCore

/// One lane's outputs as tokens, in the writer: all lanes' subscribers get the same ones, decoded once.
///
/// All its state is in this value. Decoding comes behind the emission of a frame and is in no response time.
struct TokenLane: Sendable, Restorable {
  private let lane: Int
  private let outputCount: Int
  private let grid: EventGrid
  /// Seconds of the source after an instant that a resampler needs.
  private let lookAhead: Double
  private var decoder: CTCDecoder
  /// Of the newest frames, by their index: a search gives tokens of frames that have passed.
  private var times: [Double]
  private var found: [CTCToken] = []
  /// Tokens of a model call that has not ended.
  private var waiting: [TokenRecord] = []
  private var newest: FrameRecord?

  /// Frames whose time is kept: more than a search may wait.
  private static let timesKept = 2 * CTCBeamDecoder.longestLag

  init(
    lane: Int, options: CTCOptions, frontEnd: any FrontEnd, outputCount: Int, lookAhead: Double
  ) {
    self.lane = lane
    self.outputCount = outputCount
    self.lookAhead = lookAhead
    grid = EventGrid(frontEnd)
    decoder = CTCDecoder(outputCount: outputCount, options: options)
    times = Array(repeating: 0, count: Int(Self.timesKept))
  }

  /// The frame behind the last one that it took.
  var nextFrame: UInt64 { decoder.nextFrame }

  /// Takes a frame; gives the tokens of its model call where it is the call's last one.
  mutating func take(
    _ record: FrameRecord, output: borrowing Span<Float>, give: (TokenRecord) -> Void
  ) {
    newest = record
    if record.dropped {
      decoder.finish { found.append($0) }
    } else {
      decoder.take(output, frame: record.frame) { found.append($0) }
    }
    note(known: record)
    times[Int(record.frame % Self.timesKept)] = record.time
    if record.endsCall { release(record, give) }
  }

  /// The end of the stream.
  mutating func finish(give: (TokenRecord) -> Void) {
    guard let newest else { return }
    decoder.finish { found.append($0) }
    note(known: newest)
    release(newest, give)
  }

  /// All of it between two frames: what was found is a record by then.
  mutating func exchange(with archive: inout StateArchive) {
    archive.value(&decoder)
    archive.values(&times)
    archive.list(&waiting, blank: .blank)
    for token in waiting {
      archive.check(token.lane == lane && (0..<outputCount).contains(token.output))
    }
    archive.value(&newest, blank: .blank)
  }

  /// Makes records of the tokens that a frame made known.
  private mutating func note(known: FrameRecord) {
    for token in found {
      let time =
        token.frame == known.frame ? known.time : times[Int(token.frame % Self.timesKept)]
      waiting.append(
        TokenRecord(
          lane: lane, output: token.output, frame: token.frame, time: time,
          begins: grid.seconds(
            atSample: grid.start(of: token.frame), ofFrame: token.frame, endingAt: time),
          known: known, knownTime: known.time, emitted: 0, position: 0))
    }
    found.removeAll(keepingCapacity: true)
  }

  private mutating func release(_ last: FrameRecord, _ give: (TokenRecord) -> Void) {
    for var token in waiting {
      token.emitted = last.time + lookAhead
      token.position = last.position
      give(token)
    }
    waiting.removeAll(keepingCapacity: true)
  }
}
