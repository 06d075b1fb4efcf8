import PlainText

/// What a study found: the comparison of the families, a row a claim.
public struct StudySummary: Sendable, Equatable {
  /// Where the summary comes from.
  public var origin = RunOrigin()
  public var machine = MachineSummary()
  /// Whether fewer and shorter measurements were made, to be done in minutes.
  public var isQuick: Bool
  /// In the order of `StudyTopic`.
  public var rows: [StudyRow] = []

  public init(isQuick: Bool) {
    self.isQuick = isQuick
  }

  /// Every key always present. Allocates.
  public var json: JSONValue {
    .object(
      [("schema", .integer(RunSummary.schema))] + origin.members + [
        ("machine", machine.json), ("quick", .bool(isQuick)), ("rows", .array(rows.map(\.json))),
      ])
  }
}

/// A row of the comparison.
public enum StudyTopic: String, Sendable, CaseIterable {
  case processing
  case reach
  case memory
  case parallelism
  case scaling
  case efficiency
  case core
  case context
  case place
  case third

  /// The row's heading.
  public var title: String {
    switch self {
    case .processing: "Processing"
    case .reach: "Long-range dependence"
    case .memory: "Memory"
    case .parallelism: "Parallel speed-up"
    case .scaling: "Scaling"
    case .efficiency: "Computing efficiency"
    case .core: "Core mechanism"
    case .context: "Reach of context"
    case .place: "Where the LSTM stays"
    case .third: "A third family"
    }
  }

  /// What is commonly said of it.
  public var claim: String {
    switch self {
    case .processing:
      "An LSTM goes through a sequence step by step; a Transformer takes all of it at once."
    case .reach:
      "An LSTM forgets what lies far back; attention sees it however far it is."
    case .memory:
      "An LSTM keeps a state of fixed size that its gates tend; a Transformer keeps what it has "
        + "seen."
    case .parallelism:
      "Steps that wait for each other keep an LSTM from parallel hardware; a Transformer fills it."
    case .scaling:
      "A Transformer gains from size where an LSTM levels off."
    case .efficiency:
      "An LSTM is light; attention costs the square of what it sees."
    case .core:
      "Gates decide what an LSTM keeps; attention weighs all that a Transformer has seen."
    case .context:
      "An LSTM knows the past alone; a Transformer sees the whole context."
    case .place:
      "For online work, little data and small devices the LSTM still has its place."
    case .third:
      "A newer recurrence, whose gates do not wait for its state, does what an LSTM does for less."
    }
  }
}

/// What a study measured for one row, and what that says of the claim.
public struct StudyRow: Sendable, Equatable {
  public var topic: StudyTopic
  /// What was measured, and how, in sentences.
  public var method: String
  public var findings: [StudyFinding]
  public var charts: [StudyChart]
  public var pictures: [StudyPicture] = []

  public init(
    _ topic: StudyTopic, method: String, findings: [StudyFinding], charts: [StudyChart]
  ) {
    self.topic = topic
    self.method = method
    self.findings = findings
    self.charts = charts
  }

  var json: JSONValue {
    .object([
      ("row", .string(topic.rawValue)), ("title", .string(topic.title)),
      ("claim", .string(topic.claim)), ("method", .string(method)),
      ("findings", .array(findings.map(\.json))), ("charts", .array(charts.map(\.json))),
      ("pictures", .array(pictures.map(\.json))),
    ])
  }
}

/// A sentence that a rule made of the run's numbers.
public struct StudyFinding: Sendable, Equatable {
  /// What the numbers say of the claim, or of the part of it that the sentence is about.
  public enum Verdict: String, Sendable {
    case holds
    case fails = "does not hold"
    /// Intervals do not tell, or what it takes was not measured.
    case undecided = "is not decided"
  }

  /// For programs: what it is about.
  public var name: String
  /// Nil where the sentence is about something else than the claim.
  public var verdict: Verdict?
  public var sentence: String

  public init(_ name: String, _ verdict: Verdict?, _ sentence: String) {
    self.name = name
    self.verdict = verdict
    self.sentence = sentence
  }

  var json: JSONValue {
    .object([
      ("name", .string(name)), ("claim", .text(verdict?.rawValue)),
      ("sentence", .string(sentence)),
    ])
  }
}
