import Quality
import Reporting

extension Labels {
  /// What the page shades, for models with these outputs; nothing of labels by frame.
  func stretches(outputs: [String]) -> [LabelledStretch] {
    guard form != .frames else { return [] }
    return spans.compactMap { span in
      // Of one output, an interval alone says that it is so.
      let saysYes = span.label.map(isYes) ?? (form == .intervals)
      let output = outputs.count == 1 && saysYes ? outputs[0] : span.label
      return output.map {
        LabelledStretch(start: Double(span.start) / 1e9, end: Double(span.end) / 1e9, output: $0)
      }
    }
  }

  private func isYes(_ label: String) -> Bool { ["1", "true"].contains(label.lowercased()) }
}
