import PlainText
import StreamCore

/// What the values of a model's output are.
package enum OutputKind: String {
  /// Values with a label each.
  case values
  /// Samples at the front end's rate, those of frame t from sample t * hop on.
  case audio
  /// A share for each label in each frame, to be read as tokens.
  case ctc
}

/// Outputs that are read as tokens: a share for each label in each frame, one of which is the blank that
/// parts a token from the next (Graves et al., "Connectionist temporal classification", 2006).
public struct TokenOutputs: Sendable, Equatable {
  /// Index of the blank among the labels.
  public let blank: Int

  /// Takes `blank` from the fields that have the labels. Throws where it is no label, labels are not
  /// different ones, or the outputs are no shares.
  package init(
    _ fields: inout JSONFields, activation: OutputActivation, labels: [String]
  ) throws(FileDefect) {
    let owner = fields.owner
    guard activation == .softmax else {
      throw FileDefect(
        "\(owner): activation is \"\(activation.rawValue)\", expected \"softmax\" with kind \"ctc\""
      )
    }
    let name = try fields.string("blank")
    var seen: Set<String> = []
    for label in labels where !seen.insert(label).inserted {
      throw FileDefect(
        "\(owner): labels has \(label.quotedExcerpt) twice, expected different ones with kind \"ctc\""
      )
    }
    guard let blank = labels.firstIndex(of: name) else {
      throw FileDefect(
        "\(owner): blank is \(name.quotedExcerpt), expected one of labels: \(labels.list(atMost: 8))"
      )
    }
    guard labels.count > 1 else {
      throw FileDefect("\(owner): labels has the blank alone, expected a label of a token, too")
    }
    self.blank = blank
  }
}
