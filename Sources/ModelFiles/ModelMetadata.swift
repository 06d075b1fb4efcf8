import PlainText
import StreamCore

/// What a model file's `__metadata__` says, checked for itself, before any tensor is looked at.
struct ModelMetadata: Sendable {
  static let format = "1"

  let configuration: any ModelConfiguration
  /// The front end as the file spells it.
  let frontEndKind: String
  let frontEnd: any FrontEndConfiguration
  /// A name for each channel; nil where the file has none.
  let channelNames: [String]?
  /// What becomes of the front end's frames before the model gets them; nil where nothing does.
  let splice: Splice?
  let activation: OutputActivation
  let labels: [String]
  /// How the outputs are read as tokens; nil where they are none.
  let tokens: TokenOutputs?
  /// The JSON text, which holds an object.
  let provenance: String?

  init(_ metadata: [String: String]) throws(FileDefect) {
    func required(_ key: String) throws(FileDefect) -> String {
      guard let text = metadata[key] else {
        throw FileDefect("its metadata lacks \(key)")
      }
      return text
    }
    let format = try required("lockstep.format")
    guard format == Self.format else {
      throw FileDefect(
        "lockstep.format is \"\(format.excerpt)\", expected \"\(Self.format)\"")
    }
    let architecture = try required("architecture")
    configuration = try ModelFamily.configuration(
      try required("configuration"), architecture: architecture)
    (frontEndKind, frontEnd, channelNames, splice) = try FrontEndKind.configuration(
      try required("front_end"))
    let width = frontEnd.width
    let spliced = splice?.count ?? 1
    guard width.value * spliced == configuration.inputSize else {
      let found =
        splice == nil
        ? "\(width.field) is \(width.value)"
        : "\(width.field) in \(spliced) frames is \(width.value * spliced)"
      throw FileDefect(
        "front_end: \(found), expected \(configuration.inputSize), the configuration's input_size")
    }
    (activation, labels, tokens) = try Self.outputs(
      try required("outputs"), count: configuration.outputSize)
    provenance = metadata["provenance"]
    if let provenance { _ = try JSONFields(provenance, owner: "provenance") }
  }

  /// Keys that format 1 does not know are left alone here: the format does not forbid them.
  private static func outputs(
    _ text: String, count: Int
  ) throws(FileDefect) -> (OutputActivation, [String], TokenOutputs?) {
    var fields = try JSONFields(text, owner: "outputs")
    let activation = try fields.choice(
      "activation", of: [OutputActivation.none, .sigmoid, .softmax])
    let labels = try fields.strings("labels")
    guard labels.count == count else {
      throw FileDefect(
        "outputs: labels has \(labels.count) entries, expected \(count), the configuration's "
          + "output_size")
    }
    let kind = try fields.choice("kind", of: [OutputKind.values, .ctc], default: .values)
    guard kind == .ctc else { return (activation, labels, nil) }
    return (activation, labels, try TokenOutputs(&fields, activation: activation, labels: labels))
  }
}
