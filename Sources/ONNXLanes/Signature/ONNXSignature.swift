import ModelFiles
import PlainText
import StreamCore

/// What an ONNX file does not say of itself and a lane needs: what its inputs are fed with, what its output
/// means, and which of its outputs are the next call's states. `docs/onnx.md` describes its JSON.
public struct ONNXSignature: Sendable {
  /// Where it was found.
  public enum Origin: Sendable, Equatable {
    /// In `FILE.onnx.json`.
    case file(String)
    /// Under the key `lockstep` of the ONNX file's metadata.
    case metadata
    /// In the names of inputs and outputs, which are those of a model that is well known.
    case names(of: String)
  }

  public let origin: Origin
  public let frontEnd: any FrontEnd
  /// As a model file spells it, and its fields.
  let frontEndKind: String
  let frontEndFields: [(name: String, value: String)]
  /// A name for each channel; nil where it has none.
  public let channelNames: [String]?
  /// What becomes of its frames before the inputs get them; nil where nothing does.
  public let splice: Splice?
  /// The inputs that a frame's values go to, in their order in the frame.
  let inputs: [String]
  /// Inputs that never change; one value fills an input of any size.
  let constants: [(name: String, values: [Double])]
  /// The input that is told how many frames of a call are frames of the stream: all but in its last, shorter
  /// chunk. Nil where the model has none.
  let validFrames: String?
  /// The output that becomes the lane's, what is applied to it, and what it is.
  let output: String
  public let activation: OutputActivation
  let kind: OutputKind
  /// Whether outputs are samples at the front end's rate.
  public var givesSamples: Bool { kind == .audio }
  /// A name for each value of a frame's output; nil numbers them.
  let labels: [String]?
  /// How the output is read as tokens; nil where it is none.
  public let tokens: TokenOutputs?
  /// Input and output of each state; nil pairs them by their names.
  let states: [(input: String, output: String)]?
  /// Frames a call.
  let chunk: Int
  /// Frames after frame n that must be given before its output comes.
  let lookAhead: Int

  /// Reads a signature; throws what is missing, unknown or of the wrong type.
  init(_ text: String, origin: Origin) throws(FileDefect) {
    var fields = try JSONFields(text, owner: "signature")
    self.origin = origin
    inputs = try Self.names("input", &fields)
    let frontEnd = try Self.frontEnd(&fields, inputCount: inputs.count)
    self.frontEnd = frontEnd.made
    frontEndKind = frontEnd.kind
    frontEndFields = frontEnd.fields
    channelNames = frontEnd.channelNames
    splice = frontEnd.splice
    constants =
      try Self.members("constants", &fields)?.map {
        (name, value) throws(FileDefect) in (name, try Self.numbers(value, of: name))
      } ?? []
    states = try Self.members("states", &fields)?.map { (name, value) throws(FileDefect) in
      guard let output = value.string else {
        throw FileDefect(
          "signature: states: \(name.excerpt) is \(value.excerpt), expected the name of an output")
      }
      return (name, output)
    }
    chunk = try fields.has("chunk") ? fields.integer("chunk", in: 1...1_024) : 1
    validFrames = try fields.has("valid_frames") ? fields.string("valid_frames") : nil
    lookAhead = try fields.has("look_ahead") ? fields.integer("look_ahead", in: 0...65_536) : 0
    guard let outputs = fields.valueIfPresent("outputs") else {
      throw FileDefect("signature: outputs is missing")
    }
    var own = try JSONFields(outputs, owner: "signature: outputs")
    output = try own.string("tensor")
    activation = try own.choice(
      "activation", of: [OutputActivation.none, .sigmoid, .softmax], default: .none)
    kind = try own.choice("kind", of: [OutputKind.values, .audio, .ctc], default: .values)
    // Tokens need names that say which of them is the blank.
    labels = kind == .ctc ? try own.strings("labels") : try own.stringsIfPresent("labels")
    tokens =
      kind == .ctc
      ? try TokenOutputs(&own, activation: activation, labels: labels ?? []) : nil
    try own.finish()
    try fields.finish()
    if kind == .audio, labels != nil || activation != .none {
      throw FileDefect(
        "signature: outputs: kind is \"audio\", expected no labels and no activation")
    }
  }

  /// A name, or a list of names.
  private static func names(
    _ key: String, _ fields: inout JSONFields
  ) throws(FileDefect) -> [String] {
    guard case .array(let entries)? = fields.value(key) else { return [try fields.string(key)] }
    let names = try fields.strings(key)
    guard !entries.isEmpty, Set(names).count == names.count else {
      throw FileDefect("signature: \(key) is a list, expected different names, one at least")
    }
    return names
  }

  /// A name for each output; throws where there are others than the signature says.
  func labels(outputSize: Int) throws(FileDefect) -> [String] {
    if kind == .audio, outputSize < frontEnd.hop {
      throw FileDefect(
        "signature: outputs: tensor has \(outputSize) samples a frame, expected at least "
          + "\(frontEnd.hop), its hop, for audio")
    }
    if let labels, labels.count != outputSize {
      throw FileDefect(
        "signature: outputs: labels has \(labels.count) entries, expected \(outputSize), the values "
          + "of \(output.excerpt) a frame")
    }
    return labels ?? (0..<outputSize).map(String.init)
  }

  private static func members(
    _ key: String, _ fields: inout JSONFields
  ) throws(FileDefect) -> [(key: String, value: JSONValue)]? {
    guard let value = fields.valueIfPresent(key) else { return nil }
    guard case .object(let members) = value else {
      throw FileDefect("signature: \(key) is \(value.excerpt), expected an object")
    }
    return members
  }

  private static func numbers(
    _ value: JSONValue, of name: String
  ) throws(FileDefect) -> [Double] {
    let entries = if case .array(let entries) = value { entries } else { [value] }
    let numbers = entries.compactMap(\.double)
    guard !entries.isEmpty, numbers.count == entries.count, numbers.allSatisfy(\.isFinite) else {
      throw FileDefect(
        "signature: \(name.excerpt) is \(value.excerpt), expected a finite number or an array of them"
      )
    }
    return numbers
  }
}

extension ONNXSignature {
  private typealias MadeFrontEnd = (
    made: any FrontEnd, kind: String, fields: [(name: String, value: String)],
    channelNames: [String]?, splice: Splice?
  )

  /// That of `front_end`; without one, samples as `hop` and `context` say, a channel for each input.
  private static func frontEnd(
    _ fields: inout JSONFields, inputCount: Int
  ) throws(FileDefect) -> MadeFrontEnd {
    guard let object = fields.valueIfPresent("front_end") else {
      let rate = try fields.integer("sample_rate", in: 1...10_000_000)
      let hop = try fields.integer("hop")
      let context = try fields.integer("context", default: 0)
      let channels = try fields.integer("channels", default: inputCount)
      do throws(ConfigurationError) {
        let samples = try Samples(
          sampleRate: rate, channels: channels, hop: hop, context: context)
        return (samples, "samples", samples.fields, nil, nil)
      } catch {
        throw FileDefect("signature: \(error)")
      }
    }
    let owner = "signature: front_end"
    var own = try JSONFields(object, owner: owner)
    var statistics: [String: [Float]] = [:]
    for key in ["mean", "std"] where own.has(key) {
      statistics["front_end.\(key)"] = try own.numbers(key).map(Float.init)
    }
    let (kind, configuration, channelNames, splice) = try FrontEndKind.configuration(own)
    for tensor in configuration.tensors {
      let key = tensor.name.split(separator: ".").last ?? ""
      guard let values = statistics.removeValue(forKey: tensor.name) else {
        throw FileDefect("\(owner): \(key) is missing, expected \(tensor.count) numbers")
      }
      guard values.count == tensor.count else {
        throw FileDefect("\(owner): \(key) has \(values.count) numbers, expected \(tensor.count)")
      }
      statistics[tensor.name] = values
    }
    let made = try configuration.makeFrontEnd(tensors: statistics)
    if fields.has("sample_rate") {
      let rate = try fields.integer("sample_rate")
      guard rate == made.sampleRate else {
        throw FileDefect(
          "signature: sample_rate is \(rate), expected \(made.sampleRate), the front end's")
      }
    }
    return (
      made, kind, configuration.fields + (splice.map { [("splice", $0.text)] } ?? []), channelNames,
      splice
    )
  }
}
