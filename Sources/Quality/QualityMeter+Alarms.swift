import Results

extension QualityMeter {
  /// Alarms that touch no positive stretch, by the options' rule.
  ///
  /// An alarm is a run of frames over the threshold. It ends at a frame without a label and with the
  /// recording; it touches a stretch if an instant from its first frame's to its last one's lies there.
  func falseAlarms(_ runs: [LabelledRun]) -> FalseAlarms {
    let period = Int64(seconds: options.framePeriod)
    let mergeGap = Int64(seconds: options.alarmRule.mergeGap)
    let minimumLength = Int64(seconds: options.alarmRule.minimumLength)
    var count = 0
    for index in recordings.indices {
      var positives = runs.filter { $0.recording == index }[...]
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
