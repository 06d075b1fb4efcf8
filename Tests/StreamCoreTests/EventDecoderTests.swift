import CAllocationCounter
import StreamCore
import Testing

/// Events of made-up outputs, frame by frame, against a plain version that sees the whole recording.
@Suite("Events", .serialized)
struct EventDecoderTests {
  private static let silero = EventGrid(sampleRate: 16_000, hop: 512, window: 512)
  private static let logMel = EventGrid(sampleRate: 16_000, hop: 160, window: 400)

  /// `silero_vad.get_speech_timestamps(..., threshold=0.5, min_speech_duration_ms=250,
  /// min_silence_duration_ms=100, speech_pad_ms=30)` in samples, whose loop sees all outputs at once.
  private static func stretches(_ outputs: [Float], grid: EventGrid) -> [Range<Int64>] {
    let scale = Int64(grid.sampleRate) / 1_000
    let length = grid.start(of: UInt64(outputs.count))
    var found: [(start: Int64, end: Int64)] = []
    var (start, quiet): (Int64?, Int64?) = (nil, nil)
    for (frame, output) in outputs.enumerated() {
      let sample = grid.start(of: UInt64(frame))
      if output >= 0.5 {
        quiet = nil
        if start == nil { start = sample }
      } else if output < 0.35, let speech = start {
        if quiet == nil { quiet = sample }
        guard let end = quiet, sample - end >= 100 * scale else { continue }
        if end - speech > 250 * scale { found.append((speech, end)) }
        (start, quiet) = (nil, nil)
      }
    }
    if let speech = start, length - speech > 250 * scale { found.append((speech, length)) }
    // No silence is below 60 ms, so that paddings never meet.
    return found.map { max(0, $0.start - 30 * scale)..<min(length, $0.end + 30 * scale) }
  }

  private static func events(_ outputs: [Float], grid: EventGrid) -> [StreamEvent] {
    var decoder = SpeechEventDecoder(grid: grid)
    var events: [StreamEvent] = []
    for (frame, output) in outputs.enumerated() {
      decoder.take(output, frame: UInt64(frame)) { events.append($0) }
    }
    decoder.finish { events.append($0) }
    return events
  }

  @Test("The stretches of a version that sees the whole recording", arguments: 0..<40)
  func wholeRecording(seed: UInt32) {
    var random = RandomModels(seed: seed)
    var level: Float = 0
    let outputs = (0..<2_000).map { _ -> Float in
      // Walks slowly at times and jumps at others, about the thresholds.
      level = min(1, max(0, level + random.uniform() * (seed % 2 == 0 ? 0.2 : 0.6)))
      return level
    }
    for grid in [Self.silero, Self.logMel] {
      let expected = Self.stretches(outputs, grid: grid)
      let events = Self.events(outputs, grid: grid)
      #expect(expected.count > 5)
      #expect(
        events.filter { $0.kind == .start }.map(\.position) == expected.map(\.lowerBound))
      #expect(events.filter { $0.kind == .end }.map(\.position) == expected.map(\.upperBound))
      #expect(events.map(\.kind) == expected.flatMap { _ in [StreamEvent.Kind.start, .end] })
    }
  }

  /// 8 frames of 32 ms are longer than 250 ms; silence of 100 ms has come at the start of the fifth
  /// quiet frame.
  @Test("Each event comes with the first frame that tells")
  func moments() {
    var decoder = SpeechEventDecoder(grid: Self.silero)
    var moments: [String] = []
    let outputs: [Float] =
      Array(repeating: 0.1, count: 3) + Array(repeating: 0.5, count: 9)
      + [0.4, 0.34, 0.4, 0.49, 0.2, 0.1, 0.1]
    for (frame, output) in outputs.enumerated() {
      decoder.take(output, frame: UInt64(frame)) {
        moments.append("\(frame) \($0.kind) \($0.position) \($0.edge)")
      }
    }
    #expect(moments == ["10 start 1056 1536", "17 end 7136 6656"])
  }

  @Test("Skipped frames end speech where they are as long as a silence")
  func skips() {
    for (skipped, expected) in [(3, 0), (4, 1)] {
      var decoder = SpeechEventDecoder(grid: Self.silero)
      var ends: [Int64] = []
      for frame in Array(0..<20) + Array(20 + skipped..<40) {
        decoder.take(0.9, frame: UInt64(frame)) { if $0.kind == .end { ends.append($0.position) } }
      }
      #expect(ends.count == expected)
      #expect(ends.first ?? 20 * 512 == 20 * 512)
    }
  }

  @Test("A class that lasts has changed, from where it began; one that does not has not")
  func classes() {
    let grid = EventGrid(sampleRate: 50, hop: 1, window: 1)
    var decoder = ClassEventDecoder(grid: grid)
    var events: [String] = []
    // 250 ms are 12 samples: 13 frames are longer.
    let runs = [(0, 20), (2, 12), (0, 5), (1, 13), (2, 12), (1, 3), (0, 30)]
    var frame: UInt64 = 0
    for (output, count) in runs {
      for _ in 0..<count {
        var values: [Float] = [0.1, 0.1, 0.1]
        values[output] = 0.5
        decoder.take(values.span, frame: frame) {
          events.append("\(frame) \($0.kind.rawValue) \($0.output) \($0.position)")
        }
        frame += 1
      }
    }
    #expect(events == ["12 class 0 0", "49 class 1 37", "77 class 0 65"])
  }

  @Test(
    "Nothing is allocated",
    .disabled(if: allocation_counter_stands_aside() == 1, "a sanitizer has the allocator"))
  func allocations() {
    var speech = SpeechEventDecoder(grid: Self.silero)
    var classes = ClassEventDecoder(grid: Self.silero)
    var random = RandomModels(seed: 3)
    let outputs = random.values(4_000)
    var count = 0
    var before = 0
    for frame in 0..<2_000 {
      if frame == 100 { before = allocation_counter_value() }
      // Half a second of each.
      let bias: Float = frame / 16 % 2 == 0 ? 1 : -1
      speech.take(outputs[frame] + bias, frame: UInt64(frame)) { _ in count += 1 }
      let values = outputs.span.extracting(2 * frame..<2 * frame + 2)
      classes.take(values, frame: UInt64(frame)) { _ in count += 1 }
    }
    #expect(allocation_counter_value() == before)
    #expect(count > 50)
  }
}
