import PlainText

/// What speaks for the LSTM where data and devices are small and frames come one by one.
public struct PlaceFigures: Sendable, Equatable {
  /// A lane of base size beside its input.
  public struct Deadline: Sendable, Equatable {
    public var name: String
    public var isLSTM: Bool
    public var frames: Int
    /// Frames that were later than the deadline.
    public var misses: Int
    /// Nanoseconds; nil for too few frames.
    public var p99: Int64?

    public init(_ name: String, isLSTM: Bool, frames: Int, misses: Int, p99: Int64?) {
      self.name = name
      self.isLSTM = isLSTM
      self.frames = frames
      self.misses = misses
      self.p99 = p99
    }
  }

  /// A stream's time a frame when it is a minute old, and an hour.
  public struct Hour: Sendable, Equatable {
    public var name: String
    public var minute: Estimate
    public var hour: Estimate
    /// Bytes that keys and values of all its frames would be; nil where there are none.
    public var unboundedBytes: Int?

    public init(_ name: String, minute: Estimate, hour: Estimate, unboundedBytes: Int?) {
      self.name = name
      self.minute = minute
      self.hour = hour
      self.unboundedBytes = unboundedBytes
    }
  }

  /// What a lane of a model with weights as int8 takes.
  public struct Device: Sendable, Equatable {
    public var name: String
    public var isLSTM: Bool
    public var parameters: Int
    public var weightBytes: Int
    public var stateBytes: Int

    public init(
      _ name: String, isLSTM: Bool, parameters: Int, weightBytes: Int, stateBytes: Int
    ) {
      self.name = name
      self.isLSTM = isLSTM
      self.parameters = parameters
      self.weightBytes = weightBytes
      self.stateBytes = stateBytes
    }

    var bytes: Int { weightBytes + stateBytes }
  }

  /// What the training script recorded of less data.
  public var data: DataShares
  public var deadlines: [Deadline]
  /// Nanoseconds.
  public var deadline: Int64
  public var hours: [Hour]
  /// By family and size.
  public var devices: [Device]

  public init(
    data: DataShares, deadlines: [Deadline], deadline: Int64, hours: [Hour], devices: [Device]
  ) {
    self.data = data
    self.deadlines = deadlines
    self.deadline = deadline
    self.hours = hours
    self.devices = devices
  }

  public var row: StudyRow {
    StudyRow(
      .place,
      method: "Less data: recognisers of base size by scripts/train/recognition --data, "
        + "\(data.seedCount) seeds each, measured by that script on its test set and recorded; "
        + "on less data they were trained for half as long; "
        + "differences over the same utterances, 95 % intervals by bootstrap. Deadline: lanes "
        + "over samples/recognition.flac at its own pace. An hour: a stream that has heard so "
        + "much against one of a minute, in turn. Devices: what a lane's weights as int8 and its "
        + "state take, keys and values as bf16.",
      findings: data.shares.flatMap(little) + [kept] + hours.map(later) + [smallest],
      charts: [dataChart, deviceChart].compactMap { $0 })
  }

  private var dataChart: StudyChart? {
    guard !data.results.isEmpty else { return nil }
    return StudyChart(
      "quality-data", title: "Error rate over hours of training data",
      caption: "Lower is better. Each point is the median of the seeds between the lowest and "
        + "the highest of them.",
      x: StudyChart.Axis("hours of speech, logarithmic", isLogarithmic: true),
      y: StudyChart.Axis("token error rate", .share),
      series: data.names.map { name in
        StudyChart.Series(
          name,
          data.shares.compactMap { share in
            data.errors(of: name, percent: share).map { StudyChart.Point($0.hours, $0.errors) }
          })
      })
  }

  private var deviceChart: StudyChart? {
    guard !devices.isEmpty else { return nil }
    let families = devices.reduce(into: [Bool]()) {
      if !$0.contains($1.isLSTM) { $0.append($1.isLSTM) }
    }
    return StudyChart(
      "bytes-size", title: "Bytes of a lane with int8 weights over parameters",
      caption: "Weights and state of one stream. What lies above one byte a parameter is state.",
      x: StudyChart.Axis("parameters, logarithmic", isLogarithmic: true),
      y: StudyChart.Axis("bytes, logarithmic", isLogarithmic: true),
      series: families.map { isLSTM in
        StudyChart.Series(
          isLSTM ? "LSTM" : "Transformer",
          devices.filter { $0.isLSTM == isLSTM }.sorted { $0.parameters < $1.parameters }.map {
            StudyChart.Point(Double($0.parameters), Estimate(value: Double($0.bytes)))
          })
      })
  }

  /// The LSTM against each setting of the Transformer, trained on so much. Every seed must say the
  /// same.
  private func little(_ percent: Int) -> [StudyFinding] {
    data.rivals.compactMap { rival in
      guard let lstm = data.errors(of: DataShares.lstm, percent: percent),
        let other = data.errors(of: rival, percent: percent)
      else { return nil }
      let name = "\(percent) % of the data, \(rival)"
      let words =
        "Trained on \(StudyText.number(lstm.hours)) hours (\(percent) %) the LSTM was "
        + "\(StudyText.percent(lstm.errors.value)) wrong, against "
        + "\(StudyText.percent(other.errors.value)) for \(rival)"
      let differences = data.differences(to: rival, percent: percent)
      let told = Set(differences.map { Contrast(difference: $0) })
      if !differences.isEmpty, told == [.less] {
        return StudyFinding(name, .holds, "\(words): it made fewer errors with every seed.")
      }
      if !differences.isEmpty, told == [.more] {
        return StudyFinding(name, .fails, "\(words): it made more errors with every seed.")
      }
      return StudyFinding(
        name, .undecided, "\(words), which the seeds and utterances do not tell apart.")
    }
  }

  /// Whether the deadline tells the families apart.
  private var kept: StudyFinding {
    let name = "deadline"
    guard let lstm = deadlines.first(where: \.isLSTM), let own = lstm.p99 else {
      return .unmeasured(name)
    }
    let others = deadlines.filter { !$0.isLSTM && $0.p99 != nil }
    guard !others.isEmpty else { return .unmeasured(name) }
    let limit = DurationText.format(deadline)
    let words = ([lstm] + others).map {
      "\($0.name) had a p99 of \(DurationText.format($0.p99 ?? 0)) and "
        + "\($0.misses.grouped) of \($0.frames.grouped) frames late"
    }
    let sentence = "Of a deadline of \(limit): " + StudyText.list(words)
    let late = others.filter { ($0.p99 ?? 0) > deadline }
    if own > deadline {
      return late.count == others.count
        ? StudyFinding(name, .undecided, "\(sentence): none keeps it on this machine.")
        : StudyFinding(name, .fails, "\(sentence): the LSTM does not keep it.")
    }
    if late.isEmpty {
      return StudyFinding(
        name, .undecided, "\(sentence): all keep it, so that it tells nothing of them.")
    }
    return StudyFinding(
      name, .holds,
      "\(sentence): the LSTM keeps it, \(StudyText.list(late.map(\.name))) "
        + "\(late.count == 1 ? "does" : "do") not.")
  }

  /// Whether a stream costs more when it is old.
  private func later(_ hour: Hour) -> StudyFinding {
    let name = "hour of \(hour.name)"
    let words =
      "\(hour.name): \(DurationText.format(Int64(hour.minute.value))) a frame after a minute, "
      + "\(DurationText.format(Int64(hour.hour.value))) after an hour"
    let cache =
      hour.unboundedBytes.map {
        " Without a window its keys and values would be \(ByteCountText.binary($0)) by then."
      } ?? ""
    return switch Contrast(hour.hour, to: hour.minute) {
    case .more: StudyFinding(name, nil, "\(words): an old stream costs more.\(cache)")
    case .less: StudyFinding(name, nil, "\(words): an old stream costs less.\(cache)")
    case .undecided:
      StudyFinding(name, nil, "\(words): the stream's age costs nothing that shows.\(cache)")
    }
  }

  /// The smaller of the smallest lanes.
  private var smallest: StudyFinding {
    let name = "device"
    guard let lstm = devices.filter(\.isLSTM).min(by: { $0.bytes < $1.bytes }),
      let other = devices.filter({ !$0.isLSTM }).min(by: { $0.bytes < $1.bytes })
    else { return .unmeasured(name) }
    func words(_ device: Device) -> String {
      "\(ByteCountText.binary(device.bytes)) (\(ByteCountText.binary(device.stateBytes)) of them "
        + "state, \(device.parameters.grouped) parameters)"
    }
    let sentence =
      "As int8 the smallest LSTM here takes \(words(lstm)), the smallest Transformer "
      + words(other)
    if lstm.bytes == other.bytes {
      return StudyFinding(name, .undecided, "\(sentence): the same.")
    }
    return lstm.bytes < other.bytes
      ? StudyFinding(name, .holds, "\(sentence): the LSTM fits where the Transformer does not.")
      : StudyFinding(name, .fails, "\(sentence): the Transformer is the smaller one.")
  }
}
