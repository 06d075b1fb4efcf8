import PlainText
import StreamIO

/// Which columns of a text input, or channels of any other, each lane takes.
///
/// Where the model names its channels, columns are found by these names; `--columns` may choose others, in the
/// order of the channels. Where the model has no names, all columns of numbers are taken as they stand.
public struct ColumnMatch: Sendable {
  /// The source's columns that some lane takes, in the order in which the source shall deliver them; nil for
  /// a source without columns.
  public let wanted: [Int]?
  /// What people should know, a sentence each.
  public private(set) var notes: [String] = []
  private var mixers: [String: ChannelMixer] = [:]

  /// Columns that a lane takes, and how.
  private struct Choice {
    /// Of the source's columns.
    var columns: [Int]
    /// Whether the lane takes their mean.
    var areAveraged = false
    /// What was taken for granted, in a sentence that begins with the columns.
    var assumption: String?
  }

  /// Throws `badData` where a lane cannot find its channels, and names what there is, what it expects, and
  /// the option. `channel` is one of the source's channels, counted from 0, for lanes of one.
  public init(
    _ source: any SampleSource, lanes: [LaneSetup], channel: Int? = nil
  ) throws(SourceError) {
    guard let columns = source.columns else {
      wanted = nil
      for lane in lanes {
        mixers[lane.name] = try lane.mixer(inputChannels: source.channelCount, channel: channel)
      }
      return
    }
    var choices: [Choice] = []
    var wanted: [Int] = []
    for lane in lanes {
      let choice: Choice
      if let channel {
        _ = try lane.mixer(inputChannels: columns.columns.count, channel: channel)
        choice = Choice(columns: [channel])
      } else {
        choice = try Self.choice(for: lane, of: columns)
      }
      for column in choice.columns where !wanted.contains(column) { wanted.append(column) }
      choices.append(choice)
    }
    self.wanted = wanted
    for (lane, choice) in zip(lanes, choices) {
      mixers[lane.name] = ChannelMixer(
        inputChannels: wanted.count, taking: choice.columns.compactMap(wanted.firstIndex),
        areAveraged: choice.areAveraged)
    }
    notes = Self.notes(on: columns, choices, lanes, wanted: wanted)
  }

  /// What turns what the source delivers into a lane's channels.
  func mixer(of lane: LaneSetup) -> ChannelMixer {
    guard let mixer = mixers[lane.name] else {
      preconditionFailure("a lane that was not among those of the match")
    }
    return mixer
  }

  private static func choice(
    for lane: LaneSetup, of columns: SourceColumns
  ) throws(SourceError) -> Choice {
    let count = lane.frontEnd.channels
    if let names = lane.channelNames {
      let found = names.compactMap { columns.index(of: $0) }
      if Set(found).count == names.count { return Choice(columns: found) }
      guard columns.areChosen || !columns.areNamed else { throw missing(names, lane, columns) }
    }
    let numbers = columns.columns.indices.filter { !columns.columns[$0].isText }
    let all = Array(columns.columns.indices)
    let taken = columns.areChosen || all.count == count ? all : numbers
    let isOrdered = columns.areChosen || columns.noun == "column"
    if taken.count == count, isOrdered || count == 1 {
      let assumption =
        lane.channelNames.map { "taken as \($0.list(atMost: 16))" }
        ?? (count == 1 ? nil : "taken in this order")
      return Choice(columns: taken, assumption: assumption)
    }
    guard count == 1, lane.channelNames == nil, taken.count > 1, isOrdered else {
      throw mismatch(taken, lane, columns)
    }
    return Choice(columns: taken, areAveraged: true)
  }

  private static func missing(
    _ names: [String], _ lane: LaneSetup, _ columns: SourceColumns
  ) -> SourceError {
    let lacking = names.filter { columns.index(of: $0) == nil }
    return SourceError(
      .badData,
      "\(columns.input)\(columns.place) has the \(columns.noun)s \(list(columns)), lane "
        + "\(lane.name) expects \(names.list(atMost: 32))"
        + (lacking.count == names.count
          ? "" : ", of which \(lacking.list()) is missing or there more than once")
        + "; --columns takes others in that order")
  }

  private static func mismatch(
    _ taken: [Int], _ lane: LaneSetup, _ columns: SourceColumns
  ) -> SourceError {
    let expected =
      lane.channelNames.map { "\($0.count) (\($0.list(atMost: 32)))" }
      ?? "\(lane.frontEnd.channels)"
    let kind = columns.areChosen ? "of --columns" : "of numbers"
    let option =
      columns.areChosen
      ? ""
      : "; --columns takes some, by name or number" + (columns.noun == "key" ? ", in order" : "")
    return SourceError(
      .badData,
      "\(columns.input)\(columns.place) has \(taken.count) "
        + "\(taken.count == 1 ? "channel" : "channels") (\(columns.noun)s \(kind): "
        + "\(taken.isEmpty ? "none of " + list(columns) : list(columns, taken))), lane \(lane.name) expects \(expected)\(option)"
    )
  }

  private static func list(_ columns: SourceColumns, _ chosen: [Int]? = nil) -> String {
    let titles = (chosen ?? Array(columns.columns.indices)).map { columns.columns[$0].title }
    return titles.prefix(32).joined(separator: ", ") + (titles.count > 32 ? ", ..." : "")
  }

  /// What was taken for granted, said once for all lanes of which it is true, and what no lane takes.
  private static func notes(
    on columns: SourceColumns, _ choices: [Choice], _ lanes: [LaneSetup], wanted: [Int]
  ) -> [String] {
    var notes: [String] = []
    for (choice, lane) in zip(choices, lanes) {
      guard let assumption = choice.assumption else { continue }
      let reason =
        columns.areChosen
        ? "--columns"
        : lane.channelNames == nil ? "the model has no names" : "the input has no names"
      let note =
        "\(columns.input): \(columns.noun)s \(list(columns, choice.columns)) are \(assumption): "
        + reason
      if !notes.contains(note) { notes.append(note) }
    }
    let unused = columns.columns.indices.filter { !wanted.contains($0) }
    if !unused.isEmpty {
      notes.append(
        "\(columns.input): \(unused.count == 1 ? columns.noun : columns.noun + "s") "
          + "\(list(columns, unused)) not used")
    }
    return notes.map(\.printable)
  }
}
