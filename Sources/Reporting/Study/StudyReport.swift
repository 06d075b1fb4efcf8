import PlainText
import Results

/// The page of a study: the comparison as a table, then every row with its findings and pictures.
public struct StudyReport {
  /// The file's text.
  public let html: String

  /// Allocates.
  public init(_ heading: ReportHeading, summary: StudySummary) {
    html =
      Page(
        heading, facts: Self.facts(summary), lead: Self.table(summary),
        parts: summary.rows.map { row in
          PagePart(
            name: row.topic.rawValue, title: row.topic.title,
            introduction: Self.introduction(row),
            figures: row.charts.map { ChartPlot($0).figure }
              + row.pictures.map { PicturePlot($0).figure })
        },
        tables: SummaryTables.facts(of: summary.json)
      ).html
  }

  private static func facts(_ summary: StudySummary) -> [String] {
    [
      "LSTM and Transformer, row by row: what is commonly said, and what this run measured. "
        + "Every finding is made "
        + "from the run's numbers by a rule; a difference that intervals do not support is "
        + "called none.",
      summary.machine.sentence
        + (summary.isQuick
          ? "The quick study: fewer rounds, shorter streams, smaller sizes." : "The whole study."),
    ]
  }

  /// The table of the comparison: a row a claim.
  private static func table(_ summary: StudySummary) -> String {
    let rows = summary.rows.map { row in
      let findings = row.findings.map { finding in
        "<li>\(mark(finding.verdict))\(HTML.escaped(finding.sentence))</li>"
      }
      return "<tr><th scope=\"row\"><a "
        + "href=\"#\(row.topic.rawValue)\">\(HTML.escaped(row.topic.title))</a></th>"
        + "<td class=\"claim\">\(HTML.escaped(row.topic.claim))</td>"
        + "<td><ul class=\"findings\">\(findings.joined())</ul></td></tr>\n"
    }
    let head = ["row", "what is commonly said", "what was found here"].map {
      "<th scope=\"col\">\($0)</th>"
    }
    return """
      <section id="comparison">
      <h2>The comparison</h2>
      \(HTML.table(head: head, rows: rows, attributes: " class=\"study\""))
      </section>

      """
  }

  private static func introduction(_ row: StudyRow) -> String {
    "<p class=\"claim\">\(HTML.escaped(row.topic.claim))</p><p>\(HTML.escaped(row.method))</p>"
      + "<ul class=\"findings\">"
      + row.findings.map { "<li>\(mark($0.verdict))\(HTML.escaped($0.sentence))</li>" }.joined()
      + "</ul>"
  }

  private static func mark(_ verdict: StudyFinding.Verdict?) -> String {
    guard let verdict else { return "" }
    let style =
      switch verdict {
      case .holds: "good"
      case .fails: "bad"
      case .undecided: "open"
      }
    return "<b class=\"\(style)\">\(verdict.rawValue)</b> "
  }
}
