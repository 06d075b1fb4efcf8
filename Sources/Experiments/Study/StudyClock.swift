import Dispatch
import Results

/// How long things take, in turn: each once a round, so that what changes on the machine meanwhile
/// shows in every
/// interval and not as a difference between them.
struct StudyClock {
  /// Nanoseconds of one call.
  static func time(_ body: () -> Void) -> Double {
    let start = DispatchTime.now().uptimeNanoseconds
    body()
    return Double(DispatchTime.now().uptimeNanoseconds - start)
  }

  /// The median of so many rounds of each measurement, in units of its own, with its 96 %
  /// interval: of 9 values
  /// in order the second and the second last hold the median that often, of 15 the fourth.
  static func rounds(_ count: Int, _ measurements: [() -> Double]) -> [Estimate] {
    precondition(count == 9 || count == 15, "rounds whose interval is known")
    var values = measurements.map { _ in [Double]() }
    for _ in 0..<count {
      for (index, measure) in measurements.enumerated() { values[index].append(measure()) }
    }
    let edge = count == 9 ? 1 : 3
    return values.map { values in
      let sorted = values.sorted()
      return Estimate(
        value: sorted[count / 2], low: sorted[edge], high: sorted[count - 1 - edge])
    }
  }

  /// Nanoseconds a call, by as many calls as take some milliseconds.
  static func timePerCall(atLeast nanoseconds: Double = 4e6, _ body: () -> Void) -> Double {
    var calls = 1
    while true {
      let time = time { for _ in 0..<calls { body() } }
      if time >= nanoseconds { return time / Double(calls) }
      calls = max(calls * 2, Int(Double(calls) * nanoseconds / max(time, 1)) + 1)
    }
  }
}
