/// A lane looks the same wherever it appears: a colour that people with any colour vision can tell
/// from the others', and a dash of its own.
enum LaneColour {
  static let count = 6

  /// The class that the page's style gives the colour and the dash.
  static func name(_ lane: Int) -> String { "lane\(lane % count + 1)" }

  /// The lane's name with its colour in front of it.
  static func label(_ name: String, lane: Int) -> String {
    "<span class=\"key \(Self.name(lane))\"><i></i>\(HTML.escaped(name))</span>"
  }

  /// The names of all lanes in a line.
  static func legend(_ names: [String]) -> String {
    "<p class=\"legend\">"
      + names.enumerated().map { label($1, lane: $0) }.joined(separator: " ") + "</p>"
  }
}
