import LatencyLog
import Quality
import StreamCore

/// One lane's outputs as events, or its tokens.
struct EventLane: Restorable {
  private let grid: EventGrid
  private let encoder: EventLineEncoder
  private let outputs: Range<Int>
  private let givesTokens: Bool
  private var speech: SpeechEventDecoder
  private var classes: ClassEventDecoder
  private var truth: TrueEvents?
  /// What tokens stand for is known at the end of the stream; nil without labels, and for other lanes.
  private let reference: TokenReference?
  /// Tokens that wait for that.
  private var tokens: [TokenRecord] = []
  /// How the source's samples are brought to the model's rate; nil where they have it.
  var resampling: LaneDescription.Resampling?

  /// Of a model call that has not ended, and of the one that did.
  private var events: [StreamEvent] = []
  /// Lines that nobody took yet, each with the source position of the frame that it is known by.
  private var lines: [(position: UInt64, bytes: [UInt8])] = []
  /// Where speech began that goes on, in nanoseconds.
  private var openStart: Int64 = 0
  /// The newest frame, and the end of its last sample in seconds.
  private var frame: UInt64 = 0
  private var time = 0.0
  /// Source position of the last frame.
  private var position: UInt64 = 0
  /// No line of a lower position can come any more.
  private(set) var reached: UInt64 = 0

  init(_ setup: LaneSetup, labels: Labels?) throws(LabelError) {
    let grid = EventGrid(setup.frontEnd)
    self.grid = grid
    outputs = setup.labels.indices
    givesTokens = setup.tokens != nil
    speech = SpeechEventDecoder(grid: grid)
    classes = ClassEventDecoder(grid: grid)
    encoder = EventLineEncoder(
      lane: setup.name, labels: setup.labels, hasDelays: labels != nil)
    reference = try labels.flatMap { (labels) throws(LabelError) in
      try setup.tokenReference(labels)
    }
    guard let labels, !givesTokens else { return }
    do throws(LabelError) {
      truth = try TrueEvents(labels, outputs: setup.labels) { frame in
        let centre = Double(frame) * Double(grid.hop) + Double(grid.window) / 2
        return Int64((centre / Double(grid.sampleRate) * 1e9).rounded())
      }
    } catch {
      throw error.ofLane(setup.name)
    }
  }

  /// Takes a frame; what its model call says becomes lines at the call's last one.
  /// Throws where the state that it went on from is ahead of it.
  mutating func take(
    _ record: FrameRecord, time: Double, output: borrowing Span<Float>
  ) throws(StateDefect) {
    guard record.frame >= max(speech.nextFrame, classes.nextFrame) else { throw .damaged }
    position = record.position
    (frame, self.time) = (record.frame, time)
    if reference != nil { return }
    // Before the call ends, lines of this very position may come.
    reached = record.endsCall ? record.position + 1 : record.position
    var found: [StreamEvent] = []
    if record.dropped || givesTokens {
      // Nothing is known of it, or others read it.
    } else if outputs.count == 1 {
      speech.take(output[0], frame: record.frame) { found.append($0) }
    } else {
      classes.take(output, frame: record.frame) { found.append($0) }
    }
    events += found
    if record.endsCall { encode() }
  }

  /// Takes a token, which is known by a model call whose last frame has not been taken.
  mutating func take(_ token: TokenRecord) {
    guard reference == nil else { return tokens.append(token) }
    encode(token, delay: nil)
  }

  private mutating func encode(_ token: TokenRecord, delay: Int64?) {
    var bytes: [UInt8] = []
    encoder.append(token, delay: delay, to: &bytes)
    lines.append((token.position, bytes))
  }

  /// The lines of all tokens, each with the delay from the true end of the one that it stands for.
  private mutating func encodeTokens(_ reference: TokenReference) {
    let ends = reference.ends(of: tokens.map(\.output), until: Int64(nanoseconds: time))
    for (token, end) in zip(tokens, ends) {
      encode(token, delay: end.map { Int64(nanoseconds: token.time) - $0 })
    }
    tokens.removeAll()
  }

  mutating func exchange(with archive: inout StateArchive) {
    archive.value(&speech)
    archive.value(&classes)
    archive.list(&tokens, blank: .blank)
    archive.list(&events, blank: .blank)
    archive.list(&lines, blank: (position: 0, bytes: [])) { line, archive in
      archive.value(&line.position)
      archive.array(&line.bytes)
    }
    archive.value(&openStart)
    archive.value(&frame)
    archive.value(&time)
    archive.value(&position)
    // No number after the last frame.
    archive.bits(&reached)
    archive.check(
      time.isFinite && events.allSatisfy { outputs.contains($0.output) }
        && tokens.allSatisfy { outputs.contains($0.output) })
  }

  mutating func finish() {
    var found: [StreamEvent] = []
    speech.finish { found.append($0) }
    events += found
    encode()
    if let reference { encodeTokens(reference) }
    reached = .max
  }

  mutating func takeLines() -> [(position: UInt64, bytes: [UInt8])] {
    defer { lines.removeAll(keepingCapacity: true) }
    return lines
  }

  /// The events as lines; they are known at the end of the last frame, and what the resampler waits for.
  private mutating func encode() {
    let emitted = time + (resampling?.lookAhead ?? 0)
    for event in events {
      var bytes: [UInt8] = []
      encoder.append(
        event: event.kind.rawValue, output: event.output,
        position: sourcePosition(event.position), time: seconds(event.position),
        emitted: emitted, delay: delay(of: event, emitted: emitted), to: &bytes)
      lines.append((position, bytes))
    }
    events.removeAll(keepingCapacity: true)
  }

  private mutating func delay(of event: StreamEvent, emitted: Double) -> Int64? {
    let (edge, known) = (Int64(nanoseconds: seconds(event.edge)), Int64(nanoseconds: emitted))
    defer { if event.kind == .start { openStart = edge } }
    let truly =
      event.kind == .end
      ? truth?.end(ofOutput: event.output, from: openStart, to: edge, known: known)
      : truth?.start(ofOutput: event.output, at: edge, known: known)
    return truly.map { known - $0 }
  }

  private func seconds(_ sample: Int64) -> Double {
    grid.seconds(atSample: sample, ofFrame: frame, endingAt: time)
  }

  /// A sample's place at the source's rate.
  private func sourcePosition(_ sample: Int64) -> Int64 {
    guard let resampling else { return sample }
    return Int64(
      (Double(sample) * Double(resampling.sourceRate) / Double(grid.sampleRate)).rounded())
  }
}

extension Int64 {
  /// The nanosecond nearest to so many seconds.
  fileprivate init(nanoseconds seconds: Double) {
    self.init(Swift.min(Swift.max((seconds * 1e9).rounded(), -9.2e18), 9.2e18))
  }
}
