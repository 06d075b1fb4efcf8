import LatencyLog
import PlainText
import StreamIO

/// What a run of several inputs came to: each of them, and all of them together.
public struct BatchSummary: Sendable {
  /// One of the inputs.
  public struct Input: Sendable {
    /// What came in; nil for one that could not be opened.
    public var input: InputSummary?
    /// As it was given.
    public var name: String
    /// In the order of the lanes; none for an input that could not be opened.
    public var lanes: [LaneSummary]
    /// What is wrong with it, a sentence; what was there before has been processed.
    public var failure: String?

    public init(
      name: String, input: InputSummary? = nil, lanes: [LaneSummary] = [], failure: String? = nil
    ) {
      self.name = name
      self.input = input
      self.lanes = lanes
      self.failure = failure
    }

    /// Seconds that came in, lost ones included.
    public var seconds: Double {
      input.map { Double($0.received + $0.gaps.length) / $0.rate } ?? 0
    }

    var json: JSONValue {
      var unknown = InputSummary(received: 0, rate: 0, channels: 0)
      unknown.name = name
      return .object([
        ("input", input?.json ?? unknown.json(without: ["rate", "channels"])),
        ("lanes", .array(lanes.map(\.json))),
        ("failure", .text(failure)),
      ])
    }
  }

  /// How fast it went.
  public struct Throughput: Sendable, Equatable {
    /// Inputs at once.
    public var jobs: Int
    /// Of all inputs together, in seconds.
    public var inputSeconds: Double
    /// From the first input's opening to the last one's end, in nanoseconds.
    public var elapsed: Int64

    /// Seconds of input a second; nil where nothing passed.
    public var ratio: Double? { elapsed > 0 ? inputSeconds * 1e9 / Double(elapsed) : nil }

    var json: JSONValue {
      .object([
        ("jobs", .integer(jobs)), ("input_seconds", .number(inputSeconds)),
        ("elapsed_ns", .integer(elapsed)), ("seconds_per_second", .number(ratio)),
      ])
    }
  }

  /// In the order in which they were given, as far as they were begun.
  public private(set) var inputs: [Input] = []
  public var throughput: Throughput
  public var origin = RunOrigin()
  private var machine = MachineSummary()
  private var lanes: [Lane] = []

  /// A lane over all inputs so far.
  private struct Lane {
    var statistics: LaneStatistics
    var totals: LaneTotals

    mutating func add(_ other: Lane) {
      let calls = (statistics.callCount, other.statistics.callCount)
      totals.add(other.totals, calls: calls.0, otherCalls: calls.1)
      statistics.add(other.statistics)
    }
  }

  public init(jobs: Int) { throughput = Throughput(jobs: jobs, inputSeconds: 0, elapsed: 0) }

  /// Adds the next input with what the summary of its run was made of.
  public mutating func add(
    _ input: Input, statistics: [LaneStatistics] = [], machine: MachineSummary? = nil
  ) {
    inputs.append(input)
    throughput.inputSeconds += input.seconds
    if let machine { self.machine = machine }
    let found = zip(statistics, input.lanes).map { Lane(statistics: $0, totals: $1.totals) }
    if lanes.isEmpty {
      lanes = found
    } else {
      for (index, lane) in found.enumerated() { lanes[index].add(lane) }
    }
  }

  /// All inputs as if they were one: counts added, percentiles over all frames. What depends on the place
  /// in an input is left to the inputs.
  public var total: RunSummary {
    let found = inputs.compactMap(\.input)
    var input = InputSummary(
      received: found.reduce(0) { $0 + $1.received }, rate: found.first?.rate ?? 0,
      channels: found.first?.channels ?? 0)
    for one in found {
      input.badLines.skipped += one.badLines.skipped
      input.badLines.held += one.badLines.held
    }
    var total = RunSummary(
      input: input, machine: machine,
      lanes: lanes.indices.map { index in
        var lane = lanes[index].statistics.summary(lanes[index].totals)
        let all = inputs.compactMap { $0.lanes.isEmpty ? nil : $0.lanes[index].lane }
        // Inputs of several rates are resampled in several ways.
        if all.contains(where: { $0.resampling != lane.resampling }) { lane.resampling = nil }
        lane.signalDelay = all.map(\.signalDelay).max() ?? lane.signalDelay
        lane.recovery = []
        return lane
      })
    total.origin = origin
    return total
  }

  /// The summary of the total, in the form of that of one input, then `inputs[]` and `throughput`. Where
  /// inputs differ in rate or channels the total's are null.
  public var json: JSONValue {
    let found = inputs.compactMap(\.input)
    var unknown: Set<String> = []
    if Set(found.map(\.rate)).count != 1 { unknown.insert("rate") }
    if Set(found.map(\.channels)).count != 1 { unknown.insert("channels") }
    let total = total
    guard case .object(let members) = total.json else { return .null }
    return .object(
      members.map { key, value in
        (key, key == "input" ? total.input.json(without: unknown) : value)
      } + [("inputs", .array(inputs.map(\.json))), ("throughput", throughput.json)])
  }
}

extension InputSummary {
  /// With null for what nobody knows.
  fileprivate func json(without unknown: Set<String>) -> JSONValue {
    guard case .object(let members) = json else { return .null }
    return .object(
      members.map { key, value in
        if unknown.contains(key) { return (key, .null) }
        // The nominal rate of the samples' clock is the rate.
        guard key == "clock", unknown.contains("rate"), case .object(let clock) = value else {
          return (key, value)
        }
        return (key, .object(clock.map { ($0.key, $0.key == "nominal_rate" ? .null : $0.value) }))
      })
  }
}

extension LaneTotals {
  /// Adds those of another run, each of so many calls of the model.
  mutating func add(_ other: LaneTotals, calls: Int, otherCalls: Int) {
    if calls + otherCalls > 0 {
      allocationsPerCall =
        switch (allocationsPerCall, other.allocationsPerCall) {
        case (let own?, let others?):
          (own * Double(calls) + others * Double(otherCalls)) / Double(calls + otherCalls)
        case (let own, nil): otherCalls == 0 ? own : nil
        case (nil, let others): calls == 0 ? others : nil
        }
    }
    consumed += other.consumed
    dropped += other.dropped
    tail += other.tail
    overrun += other.overrun
    computing += other.computing
    lostRecords += other.lostRecords
  }
}
