import PlainText

/// Labels bound to the outputs of a model: each stretch with a class.
///
/// A model of one output has the classes 0 (negative) and 1 (positive), any other model one class for each
/// output.
struct LabelTrack: Sendable {
  /// The class of frames without a label: they are not judged.
  static let unlabelled: Int32 = -1

  let labels: Labels
  /// The class of each stretch of `labels.stretches`.
  let classes: [Int32]
  /// The class between stretches.
  let background: Int32

  /// Throws `badData` for labels that the model does not know.
  ///
  /// For one output, a label is positive if it is the output's name, `1` or `true`, and negative otherwise.
  /// A file without a positive label is refused if one of its labels is neither `0` nor `false`: it was
  /// probably made for another model.
  init(_ labels: Labels, outputs: [String]) throws(LabelError) {
    self.labels = labels
    if outputs.count == 1 {
      classes = try LabelTrack.presence(labels, output: outputs[0])
      background = labels.form == .intervals ? 0 : LabelTrack.unlabelled
    } else {
      classes = try LabelTrack.indices(labels, outputs: outputs)
      background = LabelTrack.unlabelled
    }
  }

  /// The class of a frame; `instant` is the one that it stands for, in ns. Never allocates.
  func classOf(frame: UInt64, instant: Int64) -> Int32 {
    labels.index(of: labels.form == .frames ? Int64(clamping: frame) : instant)
      .map { classes[$0] } ?? background
  }

  private static func presence(_ labels: Labels, output: String) throws(LabelError) -> [Int32] {
    let classes: [Int32] = labels.stretches.map { stretch in
      labels.presence(of: output, in: stretch).map { $0 ? 1 : 0 } ?? unlabelled
    }
    let stranger = labels.stretches.first { stretch in
      stretch.label.map { !["0", "false"].contains($0.lowercased()) } ?? false
    }
    if let stranger, let label = stranger.label, !classes.contains(1) {
      throw labels.defect(
        line: stranger.line,
        "the label is \(label.quotedExcerpt) and no line has the model's, expected "
          + "\(output.quotedExcerpt) or 1 where it holds")
    }
    return classes
  }

  private static func indices(_ labels: Labels, outputs: [String]) throws(LabelError) -> [Int32] {
    let expected = "one of " + outputs.map(\.quotedExcerpt).joined(separator: ", ")
    var classes: [Int32] = []
    for stretch in labels.stretches {
      guard let label = stretch.label else {
        if labels.form == .intervals {
          throw labels.defect(line: 1, "has no column \"label\", expected it, with \(expected)")
        }
        classes.append(unlabelled)
        continue
      }
      guard let index = outputs.firstIndex(of: label) else {
        throw labels.defect(
          line: stretch.line, "the label is \(label.quotedExcerpt), expected \(expected)")
      }
      classes.append(Int32(index))
    }
    guard classes.contains(where: { $0 != unlabelled }) else {
      throw labels.defect("labels nothing, expected \(expected)")
    }
    return classes
  }
}

extension Labels {
  fileprivate func defect(line: Int? = nil, _ message: String) -> LabelError {
    LabelError(.badData, path: path, line: line, message)
  }
}
