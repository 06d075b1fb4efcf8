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
