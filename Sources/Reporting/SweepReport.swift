import PlainText
import Results

/// The page of a sweep: the front, what each point costs, and the table of points.
public struct SweepReport {
  /// The file's text.
  public let html: String

  /// Allocates.
  public init(_ heading: ReportHeading, summary: SweepSummary) {
    let json = summary.json
    html =
      Page(
        heading, facts: Self.facts(summary), cards: HTML.notes(SweepNotes(summary).sentences),
        figures: [FrontPlot(summary)?.figure, CostPlot(summary).figure].compactMap { $0 },
        tables: PointTable(json).html + SummaryTables.facts(of: json)
      ).html
  }

  private static func facts(_ summary: SweepSummary) -> [String] {
    let seconds = Double(summary.input.received) / summary.input.rate
    return [
      "\(NumberText.count(summary.points.count)) points over \(AxisText.plain(seconds)) s of input, "
        + "\(summary.repetitions.counted("run")) each: what "
        + "a chunk, a left context or a precision buys, and what it costs.",
      summary.machine.sentence
        + "Clock: virtual; frames arrived on the recording's schedule"
        + (summary.factor == 1 ? "" : ", \(AxisText.plain(summary.factor)) times faster")
        + ", and computing took as long as it was measured to take.",
    ]
  }
}

/// The points of a sweep: a row a point, a column a figure; columns that no point fills are left out.
struct PointTable {
  private let points: [JSONValue]
  private let words: [GlossaryEntry]

  init(_ summary: JSONValue) {
    let points = summary.elements(at: "points")
    self.points = points
    words = Glossary[.points].flatMap(\.words).filter { word in
      points.contains { ($0[path: word.path] ?? .null) != .null }
    }
  }

  var html: String {
    let head =
      ["<th scope=\"col\">point</th>"]
      + words.map { word in
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
      \(HTML.table(head: head, rows: rows, attributes: " class=\"points\""))
      <h2>What the words mean</h2>
      <dl>\(meanings.joined())</dl>
      </section>

      """
  }
}
