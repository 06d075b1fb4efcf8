import LatencyLog
import PlainText
import StreamIO

/// What a run came to: the table's figures, for programs.
public struct RunSummary: Sendable, Equatable {
  /// Of the JSON. Later versions add keys and rename none.
  public static let schema = 1

  /// Where the summary comes from.
  public var origin = RunOrigin()
  public var input: InputSummary
  public var machine: MachineSummary
  /// In the order in which the lanes were given.
  public var lanes: [LaneSummary]
  /// How much better one lane is than another, for each two lanes that can be compared.
  public var qualityDifferences: [QualityDifference] = []
  /// What to say of labels that are not those of the input.
  public var labelWarning: String?
  /// The clock of a measurement; nil for a run of an input, whose log says it.
  public var measureClock: RunClock?

  public init(input: InputSummary, machine: MachineSummary, lanes: [LaneSummary]) {
    self.input = input
    self.machine = machine
    self.lanes = lanes
  }

  /// The summary as JSON, every key always present. Allocates.
  public var json: JSONValue {
    .object(
      [
        ("schema", .integer(Self.schema))
      ] + origin.members + [
        ("input", input.json),
        ("machine", machine.json),
        ("lanes", .array(lanes.map(\.json))),
        ("quality_differences", .array(qualityDifferences.map(\.json))),
      ] + (measureClock.map { [("clock", .string($0.rawValue))] } ?? []))
  }
}

/// What came in, the same for all lanes.
public struct InputSummary: Sendable, Equatable {
  /// As it was given: a path, a device, or - for standard input; nil where nobody says.
  public var name: String?
  /// The SHA-256 of the file's bytes; nil for what is no file, and where nobody asked.
  public var sha256: String?
  /// Samples received, lost ones not among them.
  public var received: UInt64
  /// Samples a second.
  public var rate: Double
  public var channels: Int
  /// What the source lost, in order.
  public var gaps: StretchList
  /// What its stamps or its arrivals tell of its clock.
  public var clock = SourceClock()
  /// Lines that did not hold a sample.
  public var badLines = BadLines()

  public init(received: UInt64, rate: Double, channels: Int, gaps: StretchList = []) {
    self.received = received
    self.rate = rate
    self.channels = channels
    self.gaps = gaps
  }

  /// Its first instant and its end, in seconds on the clock of its stamps; without stamps it begins at 0.
  public var span: Range<Double> {
    let start = Double(clock.origin ?? 0) / 1e9
    return start..<(start + Double(received + gaps.length) / rate)
  }

  /// How many more samples a second came than the nominal rate says, in millionths of it; nil while
  /// nobody knows.
  public var rateDeviation: Double? { clock.measuredRate.map { ($0 / rate - 1) * 1e6 } }

  /// What to say where the rate that stamps tell is over 0.5 % off the nominal one.
  public var clockWarning: String? {
    guard clock.origin != nil, let measured = clock.measuredRate, let deviation = rateDeviation,
      abs(deviation) > 5_000
    else { return nil }
    let percent = (abs(deviation) / 1e3).rounded() / 10
    return
      "the input has \((measured * 1_000).rounded() / 1_000) samples a second by its own clock, "
      + "\(percent) % \(deviation > 0 ? "more" : "fewer") than the \(rate) that the lanes take it "
      + "to have"
  }

  var json: JSONValue {
    var members: [(key: String, value: JSONValue)] = [
      ("name", .text(name)), ("sha256", .text(sha256)),
      ("received", .integer(received)), ("rate", .shortest(rate)), ("channels", .integer(channels)),
      ("gaps", gaps.json("position", "length")),
    ]
    if let rest = gaps.notListedJSON(lengthKey: "length") {
      members.append(("gaps_not_listed", rest))
    }
    members.append(("clock", clock.json(nominalRate: rate)))
    members.append(("bad_lines", badLines.json))
    return .object(members)
  }
}

extension SourceClock {
  func json(nominalRate: Double) -> JSONValue {
    .object([
      ("origin_s", .number(origin.map(GridPoint.seconds))),
      ("nominal_rate", .number(nominalRate)), ("measured_rate", .number(measuredRate)),
      (
        "jitter_ns",
        .object([("p50", .integer(jitter?.p50)), ("p99", .integer(jitter?.p99))])
      ),
      (
        "pauses",
        .array(
          pauses.map {
            .object([("position", .integer($0.position)), ("length_ns", .integer($0.length))])
          })
      ),
    ])
  }
}

extension BadLines {
  var json: JSONValue {
    .object([("skipped", .integer(skipped)), ("held", .integer(held))])
  }
}

extension StretchList {
  /// The listed stretches, under these keys.
  func json(_ start: String, _ length: String) -> JSONValue {
    .array(listed.map { .object([(start, .integer($0.start)), (length, .integer($0.length))]) })
  }

  /// What the totals have beyond the list; nil for nothing.
  func notListedJSON(lengthKey: String) -> JSONValue? {
    let (count, length) = notListed
    return count > 0 ? .object([("count", .integer(count)), (lengthKey, .integer(length))]) : nil
  }
}

/// Where the figures were measured; nil is what could not be found out.
public struct MachineSummary: Sendable, Equatable {
  /// The processor's name as the system gives it.
  public var processor: String?
  /// Which kernels ran, such as `avx2` or `portable`.
  public var kernelVariant: String?
  /// Cores that the process may use.
  public var cores: Int?
  /// Of the lanes' threads: `other` or `fifo`.
  public var schedulerPolicy: String?

  /// Nothing is known yet.
  public init() {}

  var json: JSONValue {
    .object([
      ("processor", .text(processor)), ("kernel_variant", .text(kernelVariant)),
      ("cores", .integer(cores)), ("scheduler_policy", .text(schedulerPolicy)),
    ])
  }
}
