import PlainText

/// The points of a sweep: a row a point, a column a figure; columns that no point fills are left out.
struct PointTable {
  private let points: [JSONValue]
  private let words: [SummaryWord]

  init(_ summary: JSONValue) {
    let points: [JSONValue] =
      if case .array(let points) = summary[path: "points"] { points } else { [] }
    self.points = points
    words = SummaryWord.point.filter { word in
      points.contains { point in
        switch point[path: word.path] {
        case .null, nil: false
        default: true
        }
      }
    }
  }

  var html: String {
    let head = words.map { word in
      "<th scope=\"col\" title=\"\(HTML.escaped(word.meaning))\">\(HTML.escaped(word.name))</th>"
    }
    let rows = points.enumerated().map { index, point in
      let cells = words.map { word in
        SummaryCells.cell(
          point[path: word.path], path: "points.\(index).\(word.path)", unit: word.unit)
      }
      return "<tr><th scope=\"row\">\(index + 1)</th>\(cells.joined())</tr>\n"
    }
    let meanings = words.filter { !["low", "high"].contains($0.name) }.map { word in
      "<dt>\(HTML.escaped(word.name))</dt><dd>\(HTML.escaped(word.meaning))</dd>"
    }
    return """
      <section id="table">
      <h2>All points</h2>
      <div class="scroll"><table class="points">
      <thead><tr><th scope="col">point</th>\(head.joined())</tr></thead>
      <tbody>
      \(rows.joined())</tbody>
      </table></div>
      <h2>What the words mean</h2>
      <dl>\(meanings.joined())</dl>
      </section>

      """
  }
}
