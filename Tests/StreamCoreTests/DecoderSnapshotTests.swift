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
