/// Says at once, and once each, that a live input comes slower than its rate, or not at all.
struct PaceWatch {
  /// What an error calls the input.
  let name: String
  let warn: @Sendable (String) -> Void
  /// When something was there last, in ns of the monotonic clock.
  private var latest: Int64?
  private var hasSaidSlow = false
  private var hasSaidStill = false

  /// Silence that is worth a word, in ns.
  private static let stillness: Int64 = 1_000_000_000

  init(name: String, warn: @escaping @Sendable (String) -> Void) {
    self.name = name
    self.warn = warn
  }

  /// Looks at the pace of an input of which something was there at `instant`. Allocates where there is
  /// something to say.
  mutating func samplesCame(at instant: Int64, rate: Int, _ envelope: ArrivalEnvelope) {
    latest = instant
    guard !hasSaidSlow, envelope.isSlow, let pace = envelope.recentPace else { return }
    hasSaidSlow = true
    let samples = Int((pace * Double(rate)).rounded())
    warn(
      "\(name): comes slower than its rate: \(samples) samples a second instead of \(rate)")
  }

  /// Takes word that there was nothing to read at `instant`.
  mutating func nothingCame(at instant: Int64) {
    guard !hasSaidStill, let latest, instant - latest > Self.stillness else { return }
    hasSaidStill = true
    warn(
      "\(name): has stood still for over a second; what was held back counts as late, "
        + "and a pause is listed in the summary")
  }
}
