import PlainText

/// Below the figures: everything that the summary's JSON holds.
struct SummaryTables {
  let summary: JSONValue
  /// The rows of the lanes' table.
  let groups: [SummaryWord.Group]
  /// Lists of each lane, which have a table of their own: what it is called, and its path.
  let lists: [(title: String, path: String)]

  var html: String {
    var html = LaneTable(summary, groups: groups).html
    if case .array(let lanes) = summary[path: "lanes"] {
      for lane in lanes {
        let name = SummaryCells.text(lane[path: "name"], .text)
        for list in lists {
          html += ListTable("\(list.title) of \(name)", lane[path: list.path])?.html ?? ""
        }
      }
    }
    html +=
      ListTable("differences between lanes", summary[path: "quality_differences"])?.html ?? ""
    html += ListTable("gaps of the input", summary[path: "input.gaps"])?.html ?? ""
    html += facts("The input", "input", SummaryWord.input)
    html += facts("The machine", "machine", SummaryWord.machine)
    return html
  }

  private func facts(_ title: String, _ path: String, _ words: [SummaryWord]) -> String {
    FactTable(title: title, value: summary[path: path], path: path, words: words).html
  }
}
