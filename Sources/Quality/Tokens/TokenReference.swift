import PlainText

/// The tokens that labels say were spoken, as a model's outputs name them.
public struct TokenReference: Sendable, Equatable {
  /// One of them.
  public struct Token: Sendable, Equatable {
    /// Index of its label among the outputs.
    public let output: Int
    /// Nanoseconds since the stream began; the end is the first instant after it.
    public let start: Int64
    public let end: Int64
    /// Which utterance it is of, counted from 0.
    public let utterance: Int
  }

  /// In order.
  public let tokens: [Token]
  /// Utterances, named in the file or parted by pauses.
  public let utteranceCount: Int
  /// Whether the file names them.
  public let namesUtterances: Bool

  /// The shortest silence between two tokens that parts utterances where the file does not name them, in
  /// nanoseconds.
  public static let pause: Int64 = 300_000_000

  /// Binds labels to the outputs of a model of tokens.
  ///
  /// A label is an output's name, or one of another notation, as `TokenNotation` says. Throws `badData` for a label that is none of either or is the blank's, and for labels that
  /// tell no tokens.
  public init(_ labels: Labels, outputs: [String], blank: Int) throws(LabelError) {
    func defect(line: Int? = nil, _ message: String) -> LabelError {
      LabelError(.badData, path: labels.path, line: line, message)
    }
    guard labels.form != .frames else {
      throw defect("labels frames, expected the start and end of each token")
    }
    let names = labels.stretches.compactMap(\.label)
    guard !names.isEmpty || labels.form == .times else {
      throw defect(
        labels.stretches.isEmpty
          ? "has no label, expected tokens" : "has no names of tokens, expected start,end,label")
    }
    let notation = TokenNotation(of: names, outputs: outputs, blank: blank)
    var tokens: [Token] = []
    var utterances: [String: Int] = [:]
    var (current, last) = (-1, Int64?.none)
    for stretch in labels.stretches {
      guard let label = stretch.label else { continue }
      guard let meaning = notation.meaning(of: label) else {
        throw defect(line: stretch.line, notation.refusal(of: label))
      }
      guard let output = meaning.output else { continue }
      if let name = stretch.utterance {
        current = utterances[name] ?? utterances.count
        utterances[name] = current
      } else if last.map({ stretch.start - $0 >= Self.pause }) ?? true {
        current += 1
      }
      last = stretch.end
      tokens.append(
        Token(output: output, start: stretch.start, end: stretch.end, utterance: current))
    }
    self.tokens = tokens
    namesUtterances = !utterances.isEmpty
    utteranceCount = (tokens.map(\.utterance).max() ?? -1) + 1
  }

  /// The true end of each token that a lane gave, in order, in nanoseconds; nil for one that stands for no
  /// token of its name. `end` is where the stream ends: tokens that begin later are left out. Allocates.
  public func ends(of outputs: [Int], until end: Int64) -> [Int64?] {
    let judged = judged(until: end)
    var ends = [Int64?](repeating: nil, count: outputs.count)
    let alignment = TokenAlignment(judged.map { Int32($0.output) }, outputs.map(Int32.init))
    for (token, partner) in zip(judged, alignment.partners) {
      if let partner, outputs[partner] == token.output { ends[partner] = token.end }
    }
    return ends
  }

  /// The tokens that begin before an instant.
  func judged(until end: Int64) -> ArraySlice<Token> { tokens.prefix { $0.start < end } }
}
