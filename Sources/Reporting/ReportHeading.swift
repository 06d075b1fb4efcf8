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

  /// HTML of a page's beginning; `facts` are sentences.
  func html(facts: [String]) -> String {
    """
    <header>
    <h1>\(HTML.escaped(subject))</h1>
    <p class="command"><code>\(HTML.escaped(command))</code></p>
    \(facts.map { "<p>\(HTML.escaped($0))</p>" }.joined(separator: "\n"))
    </header>
    """
  }

  /// HTML of a page's end.
  var foot: String {
    "Made by Lockstep on \(HTML.escaped(date)). Everything on this page is in this file; it loads nothing."
  }
}
