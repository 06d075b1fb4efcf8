import PlainText

/// The table of everything: a row a figure, a column a lane, and what each word means.
struct LaneTable {
  /// The lanes of the summary's JSON.
  let lanes: [JSONValue]
  let groups: [SummaryWord.Group]

  init(_ summary: JSONValue, groups: [SummaryWord.Group]) {
    if case .array(let lanes) = summary[path: "lanes"] { self.lanes = lanes } else { lanes = [] }
    let known = Set(groups.flatMap { $0.words.map(\.path) } + ["name"])
    let others = self.lanes.first.map { Self.paths($0) } ?? []
    // A whole object may be null.
    let unknown = others.filter { other in
      !known.contains(other.path) && !known.contains { $0.hasPrefix(other.path + ".") }
    }
    self.groups =
      unknown.isEmpty
      ? groups : groups + [SummaryWord.Group(title: "Other figures", words: unknown)]
  }

  /// Without groups whose object no lane has.
  private var shownGroups: [SummaryWord.Group] {
    groups.filter { group in
      guard let object = group.object else { return true }
      return lanes.contains { lane in
        if case .object = lane[path: object] { true } else { false }
      }
    }
  }

  var html: String {
    let names = lanes.enumerated().map { index, lane in
      "<th scope=\"col\">\(LaneColour.label(SummaryCells.text(lane[path: "name"], .text), lane: index))</th>"
    }
    let rows = shownGroups.map { group in
      "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"\(lanes.count + 2)\">"
        + "\(HTML.escaped(group.title))</th></tr>\n"
        + group.words.map(row).joined()
    }
    return """
      <section id="table">
      <h2>The table of everything</h2>
      <div class="scroll"><table>
      <thead><tr><th scope="col">figure</th>\(names.joined())<th scope="col">what it means</th></tr></thead>
      <tbody>
      \(rows.joined())</tbody>
      </table></div>
      </section>

      """
  }

  private func row(_ word: SummaryWord) -> String {
    let cells = lanes.enumerated().map { index, lane in
      SummaryCells.cell(
        lane[path: word.path], path: "lanes.\(index).\(word.path)", unit: word.unit)
    }
    return "<tr><th scope=\"row\">\(HTML.escaped(word.name))</th>\(cells.joined())"
      + "<td class=\"meaning\">\(HTML.escaped(word.meaning))</td></tr>\n"
  }

  /// All figures of a lane, for those that have no word yet.
  private static func paths(_ value: JSONValue, below path: String = "") -> [SummaryWord] {
    guard case .object(let members) = value else {
      if case .array = value { return [SummaryWord(path, path, .list, "")] }
      return [SummaryWord(path, path, path.hasSuffix("_ns") ? .duration : .number, "")]
    }
    return members.flatMap { member in
      paths(member.value, below: path.isEmpty ? member.key : "\(path).\(member.key)")
    }
  }
}
