import Results

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension QualityMeter {
  /// Alarms that touch no positive stretch, by the options' rule.
  ///
  /// An alarm is a run of frames over the threshold. It ends at a frame without a label and with the
  /// recording; it touches a stretch if an instant from its first frame's to its last one's lies there.
  func falseAlarms(_ stretches: [ClassStretch]) -> FalseAlarms {
    let period = Int64(seconds: options.framePeriod)
    let mergeGap = Int64(seconds: options.alarmRule.mergeGap)
    let minimumLength = Int64(seconds: options.alarmRule.minimumLength)
    var count = 0
    for index in recordings.indices {
      var positives = stretches.filter { $0.recording == index }[...]
      var alarm: (first: Int64, last: Int64)?
      func close() {
        guard let ended = alarm else { return }
        alarm = nil
        positives = positives.drop { $0.end <= ended.first }
        let touches = positives.first.map { $0.onset <= ended.last } ?? false
        if !touches && ended.last - ended.first + period >= minimumLength { count += 1 }
      }
      for frame in range(ofRecording: index) {
        if classes[frame] == LabelTrack.unlabelled { close() }
        guard classes[frame] != LabelTrack.unlabelled, predictions[frame] == 1 else { continue }
        if let open = alarm, instants[frame] - open.last - period > mergeGap { close() }
        alarm = (alarm?.first ?? instants[frame], instants[frame])
      }
      close()
    }
    let judged = classes.count { $0 != LabelTrack.unlabelled }
    return FalseAlarms(
      count: count, hours: Double(judged) * options.framePeriod / 3600, rule: options.alarmRule)
  }
}

extension FalseAlarms {
  /// So many alarms in so many hours, with the exact interval of a Poisson rate (Garwood 1936): a bootstrap
  /// would claim [0, 0] for a recording without one.
  init(count: Int, hours: Double, rule: AlarmRule) {
    self.init(rule: rule)
    (self.count, self.hours) = (count, hours)
    if hours > 0 {
      let (low, high) = FalseAlarms.poissonInterval(count)
      perHour = Estimate(value: Double(count) / hours, low: low / hours, high: high / hours)
    }
  }

  /// The ends of the 95 % interval: the means at which this many events or more, and this many or fewer,
  /// have a probability of 2.5 %.
  static func poissonInterval(_ count: Int) -> (low: Double, high: Double) {
    func mean(events: Int, share: Double) -> Double {
      var low = 0.0
      var high = 2 * Double(events) + 20
      for _ in 0..<80 {
        let middle = (low + high) / 2
        if probability(atMost: events, mean: middle) > share { low = middle } else { high = middle }
      }
      return (low + high) / 2
    }
    return (
      count == 0 ? 0 : mean(events: count - 1, share: 0.975), mean(events: count, share: 0.025)
    )
  }

  /// The Poisson distribution function, summed in logarithms so that a large mean does not underflow.
  private static func probability(atMost events: Int, mean: Double) -> Double {
    var logTerm = -mean
    var sum = exp(logTerm)
    for event in stride(from: 1, through: events, by: 1) {
      logTerm += log(mean / Double(event))
      sum += exp(logTerm)
    }
    return sum
  }
}
