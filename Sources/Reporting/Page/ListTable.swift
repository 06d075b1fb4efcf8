import PlainText

/// A list of the summary as a table of its own, folded away: a row an entry, a column a key.
struct ListTable {
  let title: String
  let rows: [[(key: String, value: JSONValue)]]

  /// More rows are not written.
  private static let limit = 1_000

  /// Nil for an empty list.
  init?(_ title: String, _ list: JSONValue?) {
    guard case .array(let values) = list, !values.isEmpty else { return nil }
    self.title = title
    rows = values.compactMap { value in
      guard case .object = value else { return nil }
      return Self.members(of: value, key: "")
    }
  }

  /// Of objects in it, too: `auc low` for what is at `auc.low`.
  private static func members(
    of value: JSONValue, key: String
  ) -> [(key: String, value: JSONValue)] {
    guard case .object(let members) = value else { return [(key, value)] }
    return members.flatMap { member in
      Self.members(of: member.value, key: key.isEmpty ? member.key : "\(key) \(member.key)")
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
      ? "<p>The first \(Figure.count(Self.limit)) of \(Figure.count(rows.count)).</p>" : ""
    return """
      <details><summary>\(HTML.escaped(title)) (\(Figure.count(rows.count)))</summary>
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
    let unit: SummaryWord.Unit =
      isDuration ? .duration : key.hasSuffix("_bytes") ? .bytes : .number
    return SummaryCells.text(value, unit)
  }
}
