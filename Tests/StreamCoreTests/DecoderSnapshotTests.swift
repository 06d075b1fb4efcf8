import StreamCore
import Testing

/// A decoder that is saved and restored says the same events as one that was not.
@Suite("Snapshots of decoders")
struct DecoderSnapshotTests {
  static let grid = EventGrid(sampleRate: 100, hop: 1, window: 3)
  /// Outputs `[300, 3]` that stay where they are for a while.
  static let outputs: [Float] = {
    var random = RandomModels(seed: 9)
    var values: [Float] = []
    while values.count < 900 {
      let level = random.values(3).map { $0.magnitude }
      for _ in 0..<Int(random.uniform().magnitude * 60) + 1 { values += level }
    }
    return Array(values[..<900])
  }()

  @Test("Speech and classes, saved at every frame")
  func everyFrame() throws {
    let speech = events(from: SpeechEventDecoder(grid: Self.grid), splitAt: nil)
    let classes = events(from: ClassEventDecoder(grid: Self.grid), splitAt: nil)
    #expect(speech.count > 3 && classes.count > 1)
    for frame in 0...300 {
      #expect(events(from: SpeechEventDecoder(grid: Self.grid), splitAt: frame) == speech)
      #expect(events(from: ClassEventDecoder(grid: Self.grid), splitAt: frame) == classes)
    }
  }

  /// Shares `[300, 5]` of labels of which no one is sure, so that a search has much open.
  static let shares: [Float] = {
    var random = RandomModels(seed: 4)
    return random.values(1_500).map { $0 * $0 * $0 * $0 }
  }()

  @Test("Tokens, greedy and searched for, saved at every frame", arguments: [1, 2, 16])
  func tokens(beam: Int) throws {
    let whole = try tokens(beam: beam, splitAt: nil)
    #expect(whole.count > 50)
    for frame in 0...300 { #expect(try tokens(beam: beam, splitAt: frame) == whole) }
  }

  /// The tokens, each with the frame at which it was known.
  private func tokens(beam: Int, splitAt split: Int?) throws -> [String] {
    let fresh = CTCDecoder(outputCount: 5, options: CTCOptions(blank: 0, beam: beam))
    var found: [String] = []
    var decoder = fresh
    for frame in 0...300 {
      if frame == split {
        var other = fresh
        let bytes = try #require(StateArchive.bytes { decoder.exchange(with: &$0) })
        try StateArchive.restore(from: bytes.span) { other.exchange(with: &$0) }
        decoder = other
      }
      guard frame < 300 else { break }
      let row = Self.shares[5 * frame..<5 * frame + 5]
      decoder.take(row.span, frame: UInt64(frame)) { found.append("\(frame) \($0)") }
    }
    decoder.finish { found.append("end \($0)") }
    return found
  }

  @Test("A search that cannot be is refused", arguments: 0..<6)
  func damage(place: Int) throws {
    let fresh = CTCBeamDecoder(outputCount: 5, blank: 0, width: 2)
    var decoder = fresh
    for frame in 0..<3 {
      decoder.take(Self.shares[5 * frame..<5 * frame + 5].span, frame: UInt64(frame)) { _ in }
    }
    var bytes = try #require(StateArchive.bytes { decoder.exchange(with: &$0) })
    // How many are kept; shares of the first one, how many tokens it holds; the next frame; the last label.
    let end = bytes.count
    let offset = [0, 23, 31, 48, end - 24, end - 16][place]
    bytes[offset] ^= 0xC0
    var other = fresh
    #expect(throws: StateDefect.damaged) {
      try StateArchive.restore(from: bytes.span) { other.exchange(with: &$0) }
    }
  }

  private func events<Decoder: TestedDecoder>(
    from fresh: Decoder, splitAt split: Int?
  ) -> [StreamEvent] {
    var events: [StreamEvent] = []
    var decoder = fresh
    for frame in 0...300 {
      if frame == split {
        var other = fresh
        let bytes = StateArchive.bytes { decoder.exchange(with: &$0) } ?? []
        try? StateArchive.restore(from: bytes.span) { other.exchange(with: &$0) }
        decoder = other
      }
      guard frame < 300 else { break }
      decoder.take(Self.outputs[3 * frame..<3 * frame + 3], frame: UInt64(frame)) {
        events.append($0)
      }
    }
    decoder.end { events.append($0) }
    return events
  }
}

private protocol TestedDecoder: Restorable {
  mutating func take(_ values: ArraySlice<Float>, frame: UInt64, emit: (StreamEvent) -> Void)
  mutating func end(emit: (StreamEvent) -> Void)
}

extension SpeechEventDecoder: TestedDecoder {
  fileprivate mutating func take(
    _ values: ArraySlice<Float>, frame: UInt64, emit: (StreamEvent) -> Void
  ) {
    take(values[values.startIndex], frame: frame, emit: emit)
  }

  fileprivate mutating func end(emit: (StreamEvent) -> Void) { finish(emit: emit) }
}

extension ClassEventDecoder: TestedDecoder {
  fileprivate mutating func take(
    _ values: ArraySlice<Float>, frame: UInt64, emit: (StreamEvent) -> Void
  ) {
    take(values.span, frame: frame, emit: emit)
  }

  fileprivate mutating func end(emit: (StreamEvent) -> Void) {}
}
