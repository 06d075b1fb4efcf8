/// A self-contained page: its style and script are in it, and it may load nothing.
struct Page {
  var title: String
  /// HTML of what stands above the figures.
  var head: String
  var figures: [PageFigure]
  /// HTML of what stands below them.
  var tables: String
  /// HTML.
  var foot: String

  /// The bytes of the file. Allocates.
  var html: String {
    let sections = figures.enumerated().map { $1.html(number: $0 + 1) }.joined()
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" \
      content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
      base-uri 'none'; form-action 'none'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(HTML.escaped(title))</title>
      <style>
      \(Self.text(PackageResources.report_css))</style>
      </head>
      <body>
      <main>
      \(head)
      \(sections)\(tables)
      </main>
      <footer>\(foot)</footer>
      <div id="readout" role="status" aria-live="polite" hidden></div>
      <script>
      \(Self.text(PackageResources.report_js))</script>
      </body>
      </html>

      """
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
