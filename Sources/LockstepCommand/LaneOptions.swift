import ArgumentParser
import Foundation
import LaneRunner
import ModelFiles
import PlainText
import StreamCore

/// The options that say what lanes there are.
struct LaneOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A model, a lane for each; options after the file are this lane's own.",
      valueName: "file[,name=,chunk=,left-context=,precision=,kv=]"))
  var model: [String] = []

  @Option(help: ArgumentHelp("Frames a call for lanes that have chunks.", valueName: "n"))
  var chunk: Int?

  @Option(help: ArgumentHelp("Frames before the chunk that attention sees.", valueName: "n"))
  var leftContext: Int?

  @Option(
    help: ArgumentHelp("Weights as loaded into the kernels: f32, bf16 or int8.", valueName: "p"))
  var precision: Precision = .f32

  @Option(
    help: ArgumentHelp(
      "Latest good response time, such as 20ms; by default algorithmic latency plus one frame.",
      valueName: "duration"))
  var deadline: String?

  /// The files of `--model`.
  var paths: [String] { model.compactMap { try? ModelArgument(parsing: $0).path } }

  /// Reads the models and names the lanes; without `--model` those of a pair.
  func lanes(_ pair: DefaultModels.Pair) throws(CommandFailure) -> [LaneSetup] {
    if let chunk, chunk < 1 {
      throw CommandFailure("--chunk \(chunk): expected at least 1", exitCode: CommandFailure.usage)
    }
    if let leftContext, leftContext < 0 {
      throw CommandFailure(
        "--left-context \(leftContext): expected at least 0", exitCode: CommandFailure.usage)
    }
    let deadline = try deadlineNanoseconds()
    var arguments: [ModelArgument] = []
    for text in model { arguments.append(try ModelArgument(parsing: text)) }
    if arguments.isEmpty {
      arguments = try DefaultModels.files(pair).map(ModelArgument.init(path:))
    }
    var setups: [LaneSetup] = []
    for argument in arguments {
      let name = Self.unique(argument.name ?? argument.stem, among: setups.map(\.name))
      setups.append(
        LaneSetup(name: name, file: try load(argument), deadline: deadline))
    }
    return setups
  }

  /// A given chunk is for every lane that has chunks; in `--model` it must fit that lane.
  private func load(_ argument: ModelArgument) throws(CommandFailure) -> ModelFile {
    do throws(ModelFileError) {
      let own = try ModelFile(
        contentsOf: argument.path, chunkSize: argument.chunkSize,
        leftContext: argument.leftContext, precision: argument.precision ?? precision,
        kvPrecision: argument.kvPrecision)
      guard own.configuration.hasChunks, chunk != nil || leftContext != nil else {
        return own
      }
      return try ModelFile(
        contentsOf: argument.path, chunkSize: argument.chunkSize ?? chunk,
        leftContext: argument.leftContext ?? leftContext,
        precision: argument.precision ?? precision,
        kvPrecision: argument.kvPrecision)
    } catch {
      throw CommandFailure(error)
    }
  }

  private func deadlineNanoseconds() throws(CommandFailure) -> Int64? {
    guard let deadline else { return nil }
    do throws(DurationTextError) {
      return try DurationText.parse(deadline)
    } catch {
      throw CommandFailure("--deadline: \(error)", exitCode: CommandFailure.usage)
    }
  }

  /// The name, or the name with -2, -3, ... where it is taken.
  static func unique(_ name: String, among names: [String]) -> String {
    guard names.contains(name) else { return name }
    var number = 2
    while names.contains("\(name)-\(number)") { number += 1 }
    return "\(name)-\(number)"
  }
}

extension Precision: ExpressibleByArgument {}

/// The options of lanes that run in real time, on threads of their own.
struct ThreadOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What a lane does that is behind, live or in real time: catch-up, or drop whole chunks.",
      valueName: "policy"))
  var whenLate: LatePolicy = .catchUp

  @Flag(help: "Lanes on SCHED_FIFO threads with memory locked, a core each where there are enough.")
  var realtime = false
}

extension LatePolicy: ExpressibleByArgument {}

/// The trained pairs, for when no `--model` is given.
enum DefaultModels {
  /// What the input looks like, which decides the pair.
  enum Pair: String {
    case speech
    case activity
  }

  /// The pair's two files, from the first place that has both.
  static func files(_ pair: Pair) throws(CommandFailure) -> [String] {
    let names = ["lstm", "transformer"].map { "\(pair.rawValue)-\($0).safetensors" }
    let directories = ModelDirectories.all
    for directory in directories {
      let files = names.map { "\(directory)/\($0)" }
      if files.allSatisfy(FileManager.default.fileExists) { return files }
    }
    throw CommandFailure(
      "no default models: \(names.joined(separator: " and ")) are in none of "
        + directories.joined(separator: ", ") + "; expected them there, or --model FILE",
      exitCode: 66)
  }
}
