import Quality
import Reporting

extension Labels {
  /// What the page shades, for models with these outputs; nothing of labels by frame.
  func stretches(outputs: [String]) -> [LabelledStretch] {
    guard form != .frames else { return [] }
    return stretches.compactMap { stretch in
      let saysYes = outputs.count == 1 && presence(of: outputs[0], in: stretch) == true
      let output = saysYes ? outputs[0] : stretch.label
      return output.map {
        LabelledStretch(
          start: Double(stretch.start) / 1e9, end: Double(stretch.end) / 1e9, output: $0)
      }
    }
  }
}
