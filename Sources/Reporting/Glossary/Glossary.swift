import PlainText

/// A figure of a summary: where it stands in the JSON, what people call it, and what it means.
struct GlossaryEntry {
  /// How a value is written for people.
  enum Unit: String {
    case text, count, number, seconds, bytes, operations
    /// Nanoseconds.
    case duration
    /// A list of objects: how many.
    case list
  }

  /// The dotted path in the JSON of what the table is about.
  var path: String
  var name: String
  var unit: Unit
  var meaning = ""
}

/// The figures that pages show, read once from glossary.txt, whose head says how it is written.
enum Glossary {
  enum Table: String, CaseIterable {
    case load, lane, input, machine, points
  }

  /// Rows that belong together.
  struct Group {
    var table = Table.lane
    var title: String
    var words: [GlossaryEntry] = []
    /// The object that they are in, where a run may have none of it: then they are left out.
    var object: String?
  }

  /// The groups of a table, in order.
  static subscript(_ table: Table) -> [Group] { groups.filter { $0.table == table } }

  static let groups = read(String(decoding: PackageResources.glossary_txt, as: UTF8.self))

  /// A line that is none of the kinds that the file's head names is our own mistake.
  private static func read(_ text: String) -> [Group] {
    var groups: [Group] = []
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let fields = line.split(separator: "|", omittingEmptySubsequences: false)
        .map { String($0.trimmed) }
      if let table = Table(rawValue: String(fields[0].dropFirst(2))), line.hasPrefix("= ") {
        precondition(fields.count == 2 || fields.count == 3, "a title and at most an object")
        groups.append(Group(table: table, title: fields[1], object: fields.dropFirst(2).first))
      } else if fields.count == 4, let unit = GlossaryEntry.Unit(rawValue: fields[2]),
        !groups.isEmpty
      {
        groups[groups.count - 1].words.append(
          GlossaryEntry(path: fields[0], name: fields[1], unit: unit, meaning: fields[3]))
      } else {
        preconditionFailure("no row of the glossary: \(line)")
      }
    }
    return groups
  }
}
