import Quality
import Testing

/// Which true instant an event is held against.
@Suite struct TrueEventsTests {
  private static func labels(_ stretches: [(Int64, Int64, String)], form: LabelForm = .intervals)
    -> Labels
  {
    Labels(
      form: form,
      stretches: stretches.enumerated().map {
        LabelStretch(start: $1.0, end: $1.1, label: $1.2, line: $0 + 2)
      })
  }

  @Test func speech() throws {
    let labels = Self.labels([
      (100, 150, "speech"), (150, 200, "speech"), (300, 400, "speech"), (420, 500, "speech"),
    ])
    func events() throws -> TrueEvents {
      try TrueEvents(labels, outputs: ["speech"]) { $0 }
    }
    var truth = try events()
    // Touching stretches are one.
    #expect(truth.start(ofOutput: 0, at: 120, known: 140) == 100)
    #expect(truth.end(ofOutput: 0, from: 120, to: 190, known: 220) == 200)
    // The nearest of two.
    #expect(truth.start(ofOutput: 0, at: 310, known: 450) == 300)
    #expect(truth.end(ofOutput: 0, from: 310, to: 495, known: 600) == 500)
    truth = try events()
    // Too early by so little that it is found: the delay is then from the true start.
    #expect(truth.start(ofOutput: 0, at: 80, known: 130) == 100)
    #expect(truth.start(ofOutput: 0, at: 210, known: 290) == nil)
    // Speech that had not ended when its end was known.
    #expect(truth.end(ofOutput: 0, from: 300, to: 350, known: 380) == nil)
  }

  @Test func classes() throws {
    let labels = Self.labels(
      [(0, 10, "rest"), (10, 20, "walk"), (20, 30, "rest")], form: .frames)
    var truth = try TrueEvents(labels, outputs: ["walk", "rest"]) { $0 * 1_000 + 500 }
    #expect(truth.start(ofOutput: 1, at: 700, known: 9_000) == 500)
    #expect(truth.start(ofOutput: 0, at: 11_000, known: 12_000) == 10_500)
    #expect(truth.start(ofOutput: 0, at: 21_000, known: 22_000) == nil)
    #expect(throws: LabelError.self) {
      try TrueEvents(labels, outputs: ["walk", "run"]) { $0 }
    }
  }
}
