import PlainText

/// How the labels of a file name a model's tokens.
///
/// As the model does, with ARPABET's stress and TIMIT's further names where the model's are those of ARPABET;
/// or all of them as espeak-ng does, where that knows more of them: the same letters are other sounds there, D
/// is DH.
struct TokenNotation {
  /// What a label is: a token, or silence.
  struct Meaning {
    /// Index of the token's label among the outputs; nil for silence.
    var output: Int?
  }

  private let outputs: [String: Int]
  private let blank: String
  private let isEspeak: Bool

  /// The notation of a file with these labels.
  init(of labels: [String], outputs: [String], blank: Int) {
    self.blank = outputs[blank]
    var places: [String: Int] = [:]
    for (index, name) in outputs.enumerated() where index != blank { places[name] = index }
    self.outputs = places
    let names = Set(labels)
    // A file of TIMIT's may be in small letters, which are espeak's as well: what is spelled exactly counts.
    let own = names.count { Self.own($0, places, ignoringCase: false) != nil }
    let espeak = names.count { Self.espeak($0, places) != nil }
    let anyCase = names.count { Self.own($0, places, ignoringCase: true) != nil }
    isEspeak = own < names.count && espeak > own && (espeak == names.count || espeak > anyCase)
  }

  /// Nil for a label that is no name of a token, or that of the blank.
  func meaning(of label: String) -> Meaning? {
    label == blank
      ? nil : isEspeak ? Self.espeak(label, outputs) : Self.own(label, outputs, ignoringCase: true)
  }

  /// Why a label is none, with what was expected.
  func refusal(of label: String) -> String {
    let known = outputs.sorted { $0.value < $1.value }.map(\.key).list(atMost: 8)
    return "the label is \(label.quotedExcerpt)\(label == blank ? ", the model's blank" : ""), "
      + "expected a token of the model\(isEspeak ? " in espeak's notation" : ""): \(known)"
  }

  private static func own(
    _ label: String, _ outputs: [String: Int], ignoringCase: Bool
  ) -> Meaning? {
    if let output = outputs[label] { return Meaning(output: output) }
    if PhonemeNames.silences.contains(label) { return Meaning(output: nil) }
    let bare = label.last.map { "012".contains($0) } ?? false ? String(label.dropLast()) : label
    let name = ignoringCase ? bare.uppercased() : bare
    if let output = outputs[name] { return Meaning(output: output) }
    guard let token = PhonemeNames.arpabet[name] else { return nil }
    if token.isEmpty { return Meaning(output: nil) }
    return outputs[token].map { Meaning(output: $0) }
  }

  private static func espeak(_ label: String, _ outputs: [String: Int]) -> Meaning? {
    if PhonemeNames.silences.contains(label) { return Meaning(output: nil) }
    guard let token = PhonemeNames.espeak[label] else { return nil }
    return token.isEmpty
      ? Meaning(output: nil) : own(token, outputs, ignoringCase: false)
  }
}
