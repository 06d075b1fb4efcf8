import PlainText

/// Facts of one object of the summary, such as the input or the machine: a row a figure.
struct FactTable {
  let title: String
  let value: JSONValue?
  /// The object's key in the summary.
  let path: String
  let words: [SummaryWord]

  var html: String {
    // A key that is there only in unusual runs has a row only then.
    let rows = words.filter { value?[path: $0.path] != nil }.map { word in
      "<tr><th scope=\"row\">\(HTML.escaped(word.name))</th>"
        + SummaryCells.cell(value?[path: word.path], path: "\(path).\(word.path)", unit: word.unit)
        + "<td class=\"meaning\">\(HTML.escaped(word.meaning))</td></tr>\n"
    }
    return """
      <section>
      <h2>\(HTML.escaped(title))</h2>
      <div class="scroll"><table><tbody>
      \(rows.joined())</tbody></table></div>
      </section>

      """
  }
}
