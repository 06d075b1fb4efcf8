import PlainText
import Results

/// What people see at the end of a study: each row's claim, and what was found.
public struct StudyTable: Sendable {
  private let summary: StudySummary
  private let style: TextStyle
  private let width: Int

  /// At most `width` characters a line; 80 unless it is said.
  public init(_ summary: StudySummary, style: TextStyle = .plain, width: Int? = nil) {
    self.summary = summary
    self.style = style
    self.width = width ?? TableLayout.width
  }

  /// The text, each line ended by a newline. Allocates.
  public var text: String {
    summary.rows.map { row in
      let claim = LineBreaking.sentence("Commonly said: \(row.topic.claim)", width: width)
      let findings = row.findings.flatMap { finding in
        LineBreaking.sentence(
          (finding.verdict.map { "[\($0.rawValue)] " } ?? "") + finding.sentence, width: width)
      }
      return ([style.heading(row.topic.title)] + claim + findings).map { $0 + "\n" }.joined()
    }.joined(separator: "\n")
  }
}
