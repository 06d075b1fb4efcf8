/// How many frames had no answer by their deadline.
public struct MissCount: Sendable, Equatable {
  /// All of them.
  public private(set) var count: Int
  /// Those among them in the warm-up.
  public private(set) var inWarmUp: Int

  public init(count: Int = 0, inWarmUp: Int = 0) {
    self.count = count
    self.inWarmUp = inWarmUp
  }

  mutating func add(inWarmUp: Bool) {
    count += 1
    if inWarmUp { self.inWarmUp += 1 }
  }
}
