import PlainText

/// Below the figures: everything that the summary's JSON holds.
struct SummaryTables {
  let summary: JSONValue
  /// The rows of the lanes' table.
  let groups: [Glossary.Group]
  /// Lists of each lane, which have a table of their own: what it is called, and its path.
  let lists: [(title: String, path: String)]

  var html: String {
    let lanes = summary.elements(at: "lanes")
    let ofLanes = lanes.flatMap { lane in
      let name = SummaryCells.text(lane[path: "name"], .text)
      return lists.map { ListTable("\($0.title) of \(name)", lane.elements(at: $0.path)) }
    }
    let ofRun = [
      ListTable("differences between lanes", summary.elements(at: "quality_differences")),
      ListTable("gaps of the input", summary.elements(at: "input.gaps")),
    ]
    return LaneTable(lanes, groups: groups).html + (ofLanes + ofRun).map(\.html).joined()
      + Self.facts(of: summary)
  }
}

/// The table of everything: a row a figure, a column a lane, and what each word means.
struct LaneTable {
  /// The lanes of the summary's JSON.
  let lanes: [JSONValue]
  let groups: [Glossary.Group]

  init(_ lanes: [JSONValue], groups: [Glossary.Group]) {
    self.lanes = lanes
    let known = Set(groups.flatMap { $0.words.map(\.path) } + ["name"])
    let others = lanes.first?.leaves(joinedBy: ".") ?? []
    // A whole object may be null.
    let unknown = others.filter { other in
      !known.contains(other.key) && !known.contains { $0.hasPrefix(other.key + ".") }
    }.map { path, value in
      let unit: GlossaryEntry.Unit =
        if case .array = value { .list } else { path.hasSuffix("_ns") ? .duration : .number }
      return GlossaryEntry(path: path, name: path, unit: unit)
    }
    self.groups =
      unknown.isEmpty
      ? groups : groups + [Glossary.Group(title: "Other figures", words: unknown)]
  }

  /// Without groups whose object no lane has.
  private var shownGroups: [Glossary.Group] {
    groups.filter { group in
      guard let object = group.object else { return true }
      return lanes.contains { lane in
        if case .object = lane[path: object] { true } else { false }
      }
    }
  }

  var html: String {
    let names = lanes.enumerated().map { index, lane in
      LaneColour.label(SummaryCells.text(lane[path: "name"], .text), lane: index)
    }
    let head = (["figure"] + names + ["what it means"]).map { "<th scope=\"col\">\($0)</th>" }
    let rows = shownGroups.map { group in
      "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"\(lanes.count + 2)\">"
        + "\(HTML.escaped(group.title))</th></tr>\n"
        + group.words.map(row).joined()
    }
    return """
      <section id="table">
      <h2>The table of everything</h2>
      \(HTML.table(head: head, rows: rows))
      </section>

      """
  }

  private func row(_ word: GlossaryEntry) -> String {
    let cells = lanes.enumerated().map { index, lane in
      SummaryCells.cell(
        lane[path: word.path], path: "lanes.\(index).\(word.path)", unit: word.unit)
    }
    return SummaryCells.row(word, cells.joined())
  }
}

/// A list of the summary as a table of its own, folded away: a row an entry, a column a key.
struct ListTable {
  let title: String
  /// The figures of each entry; those of objects in it, too: `auc low` for what is at `auc.low`.
  let rows: [[(key: String, value: JSONValue)]]

  /// More rows are not written.
  private static let limit = 1_000

  init(_ title: String, _ entries: [JSONValue]) {
    self.title = title
    rows = entries.compactMap { entry in
      if case .object = entry { entry.leaves(joinedBy: " ") } else { nil }
    }
  }

  var html: String {
    guard let first = rows.first else { return "" }
    let head = first.map { "<th scope=\"col\">\(HTML.escaped(Self.title(of: $0.key)))</th>" }
    let body = rows.prefix(Self.limit).map { row in
      "<tr>" + row.map { "<td>\(HTML.escaped(Self.text($0.value, key: $0.key)))</td>" }.joined()
        + "</tr>\n"
    }
    let more =
      rows.count > Self.limit
      ? "<p>The first \(NumberText.count(Self.limit)) of \(NumberText.count(rows.count)).</p>" : ""
    return """
      <details><summary>\(HTML.escaped(title)) (\(NumberText.count(rows.count)))</summary>
      <div class="scroll"><table><thead><tr>\(head.joined())</tr></thead>
      <tbody>
      \(body.joined())</tbody></table></div>\(more)</details>

      """
  }

  private static func title(of key: String) -> String {
    key.replacing("_ns", with: "").split(separator: "_").joined(separator: " ")
  }

  private static func text(_ value: JSONValue, key: String) -> String {
    let isDuration = key.contains("_ns") || key == "p99"
    let unit: GlossaryEntry.Unit =
      isDuration ? .duration : key.hasSuffix("_bytes") ? .bytes : .number
    return SummaryCells.text(value, unit)
  }
}

extension SummaryTables {
  /// Facts of the input and of the machine: a row a figure.
  static func facts(of summary: JSONValue) -> String {
    (Glossary[.input] + Glossary[.machine]).map { table($0, of: summary) }.joined()
  }

  private static func table(_ group: Glossary.Group, of summary: JSONValue) -> String {
    let key = group.table.rawValue
    guard let value = summary[path: key] else { return "" }
    // A key that is there only in unusual runs has a row only then.
    let rows = group.words.filter { value[path: $0.path] != nil }.map { word in
      SummaryCells.row(
        word,
        SummaryCells.cell(value[path: word.path], path: "\(key).\(word.path)", unit: word.unit))
    }
    return """
      <section>
      <h2>\(HTML.escaped(group.title))</h2>
      <div class="scroll"><table><tbody>
      \(rows.joined())</tbody></table></div>
      </section>

      """
  }
}

/// Values of a summary's JSON as cells of a table, each with its path and its exact value in the
/// page's source.
enum SummaryCells {
  static func row(_ word: GlossaryEntry, _ cells: String) -> String {
    "<tr><th scope=\"row\">\(HTML.escaped(word.name))</th>\(cells)"
      + "<td class=\"meaning\">\(HTML.escaped(word.meaning))</td></tr>\n"
  }

  static func cell(_ value: JSONValue?, path: String, unit: GlossaryEntry.Unit) -> String {
    "<td data-path=\"\(HTML.escaped(path))\" data-value=\"\(HTML.escaped(source(value)))\">"
      + "\(HTML.escaped(text(value, unit)))</td>"
  }

  /// The value as JSON has it; of a list, how many.
  static func source(_ value: JSONValue?) -> String {
    switch value {
    case .array(let values): String(values.count)
    case .some(let value): value.text
    case nil: "null"
    }
  }

  static func text(_ value: JSONValue?, _ unit: GlossaryEntry.Unit) -> String {
    switch value {
    case .number(let digits): number(digits, unit)
    case .string(let text): text
    case .bool(let value): value ? "yes" : "no"
    case .array(let values): NumberText.count(values.count)
    case .object, .null, nil: NumberText.unsupported
    }
  }

  private static func number(_ digits: String, _ unit: GlossaryEntry.Unit) -> String {
    if let whole = Int64(digits) {
      return switch unit {
      case .duration: AxisText.duration(whole)
      case .bytes: NumberText.bytes(Int(whole))
      case .operations: NumberText.operations(Int(whole))
      case .seconds: "\(NumberText.count(whole)) s"
      default: NumberText.count(whole)
      }
    }
    guard let value = Double(digits) else { return NumberText.unsupported }
    return unit == .seconds ? "\(AxisText.plain(value)) s" : number(value)
  }

  private static func number(_ value: Double) -> String {
    (value < 0 ? "−" : "") + ThreeDigits.text(abs(value))
  }
}

extension JSONValue {
  /// The elements of the array at a path; none where there is no array.
  func elements(at path: String) -> [JSONValue] {
    if case .array(let elements) = self[path: path] { elements } else { [] }
  }
}
