/// A self-contained page: its style and script are in it, and it may load nothing.
struct Page {
  /// The text of the file.
  let html: String

  /// `facts` are sentences; `cards` is HTML below the first figure, and `tables` HTML below them all.
  init(
    _ heading: ReportHeading, facts: [String], cards: String, figures: [PageFigure], tables: String
  ) {
    var sections = figures.enumerated().map { $1.html(number: $0 + 1) }
    // Whoever opens the page sees a figure first.
    sections.insert(cards, at: min(1, sections.count))
    self.init(heading, facts: facts, content: sections.joined() + tables)
  }

  /// A page in parts, each with figures of its own; `lead` is HTML above them all.
  init(
    _ heading: ReportHeading, facts: [String], lead: String, parts: [PagePart], tables: String
  ) {
    var number = 0
    let content = parts.map { part in
      let figures = part.figures.map { figure in
        number += 1
        return figure.html(number: number)
      }
      return part.html + figures.joined()
    }
    self.init(heading, facts: facts, content: lead + content.joined() + tables)
  }

  private init(_ heading: ReportHeading, facts: [String], content: String) {
    html = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" \
      content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
      base-uri 'none'; form-action 'none'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(HTML.escaped(heading.subject)) - Lockstep report</title>
      <style>
      \(Self.text(PackageResources.report_css))</style>
      </head>
      <body>
      <main>
      <header>
      <h1>\(HTML.escaped(heading.subject))</h1>
      \(facts.map { "<p>\(HTML.escaped($0))</p>" }.joined(separator: "\n"))
      </header>
      \(content)
      </main>
      <footer>Made by Lockstep on \(HTML.escaped(heading.date)): \
      <code>\(HTML.escaped(heading.command))</code>. \
      Everything on this page is in this file; it loads nothing.</footer>
      <div id="readout" role="status" aria-live="polite" hidden></div>
      <script>
      \(Self.text(PackageResources.report_js))</script>
      </body>
      </html>

      """
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// A part of a page: its heading, what it is about, and its figures.
struct PagePart {
  /// For links.
  var name: String
  var title: String
  /// HTML.
  var introduction: String
  var figures: [PageFigure]

  fileprivate var html: String {
    """
    <section id="\(name)" class="part">
    <h2>\(HTML.escaped(title))</h2>
    \(introduction)
    </section>

    """
  }
}

/// One numbered figure of a page: its heading, what to see in it, and the drawing.
struct PageFigure {
  /// For links.
  var name: String
  var title: String
  /// HTML: what it shows and how to read it.
  var caption: String
  /// HTML.
  var body: String

  func html(number: Int) -> String {
    """
    <figure id="\(name)">
    <h2>\(HTML.escaped(title))</h2>
    \(body)
    <figcaption><b>Figure \(number).</b> \(caption)</figcaption>
    </figure>

    """
  }
}

/// What a report says of itself.
public struct ReportHeading: Sendable {
  /// What it is about, such as the input's name.
  public var subject: String
  /// The command that made it.
  public var command: String
  /// When, as people write it.
  public var date: String

  public init(subject: String, command: String, date: String) {
    self.subject = subject
    self.command = command
    self.date = date
  }
}
